"""Where a pass says that phones find newer ones, and whom the service talks to: by settings, and refused where they
would send a child's pass in clear over a network."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from wallet_pass.settings import Settings

GIVEN = {
    "port": 8000, "database_url": "sqlite:///x.db", "nats_url": "nats://127.0.0.1:4222", "nats_seed_file": Path("seed"),
    "issuer": "http://127.0.0.1:1", "certificates": Path("certificates"),
}  # fmt: skip


def _settings(**more: object) -> Settings:
    return Settings.model_validate(GIVEN | more)


@pytest.mark.parametrize(
    ("public_url", "over_http", "expected"),
    [
        ("https://pass.example", False, "https://pass.example/apple"),
        ("https://pass.example/town", False, "https://pass.example/town/apple"),
        ("http://127.0.0.1:8000", False, None),
        ("http://127.0.0.1:8000", True, "http://127.0.0.1:8000/apple"),
        ("http://localhost:8000", True, "http://localhost:8000/apple"),
        ("http://[::1]:8000", True, "http://[::1]:8000/apple"),
    ],
)
def test_phones_look_where_https_is_or_where_a_test_says_so(
    public_url: str, over_http: bool, expected: str | None
) -> None:
    assert _settings(public_url=public_url, updates_over_http=over_http).web_service_url == expected


@pytest.mark.parametrize("public_url", ["http://pass.example", "http://10.0.0.1", "http://127.0.0.1.example"])
def test_a_pass_never_names_an_address_in_clear_on_another_machine(public_url: str) -> None:
    with pytest.raises(ValidationError, match="take https"):
        _settings(public_url=public_url, updates_over_http=True)


@pytest.mark.parametrize(
    "given",
    [
        {"apns_url": "http://push.example"},
        {"google_url": "https://walletobjects.googleapis.com"},
        {"google_token_url": "oauth2.googleapis.com"},
    ],
)
def test_a_server_that_may_not_be_asked_is_refused_at_the_start(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        _settings(public_url="https://pass.example", **given)


def test_a_simulator_may_have_the_issuer_of_tests() -> None:
    given = {"google_url": "http://127.0.0.1:9", "google_token_url": "http://127.0.0.1:9/token"}
    assert _settings(public_url="https://pass.example", **given).google_token_url == "http://127.0.0.1:9/token"
