"""Siblings together: one page, one bundle, one link; each ticket by its own token alone."""

import io
import json
import zipfile
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from shared.events import TicketIssued, TicketRevoked
from support.pages import well_made
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW, make_pass
from wallet_pass.api.static import own_badges
from wallet_pass.apple.bundle import MOST_PASSES, bundle
from wallet_pass.domain.passes import Pass
from wallet_pass.google.siblings import save_tokens
from wallet_pass.google.wallet import LONGEST_TOKEN, GoogleWallet
from wallet_pass.web.phones import Phone, phone_of

GUESSED = "AAAAAAAAAAAAAAAAAAAAAA"


def tokens(running: WalletService, issued: Callable[..., TicketIssued], count: int) -> list[str]:
    for number in range(count):
        running.hear(issued(ticket_id=UUID(int=100 + number), number=3000 + number, first_name=f"Kind{number}"))
    return [each.pass_url.rsplit("/", 1)[1] for each in running.told()]


def names_in(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert all(each.compress_type == zipfile.ZIP_STORED for each in archive.infolist())
        packages = [zipfile.ZipFile(io.BytesIO(archive.read(name))) for name in archive.namelist()]
        return [json.loads(each.read("pass.json"))["serialNumber"] for each in packages]


@pytest.mark.parametrize("count", [1, 2, 10])
def test_a_bundle_holds_the_passes_that_the_links_open_one_by_one(
    running: WalletService, issued: Callable[..., TicketIssued], count: int
) -> None:
    mine = tokens(running, issued, count)
    answer = running.client.get(f"/v1/passes/together/{'.'.join(mine)}/passes.pkpasses")
    assert answer.headers["content-type"] == "application/vnd.apple.pkpasses"
    assert answer.headers["cache-control"] == "no-store"
    assert names_in(answer.content) == [str(UUID(int=100 + number)) for number in range(count)]
    page = running.client.get(f"/v1/passes/together/{'.'.join(mine)}?language=en")
    well_made(page.text, "en")
    assert all(f"Kind{number}" in page.text for number in range(count))


def test_a_foreign_or_ended_link_is_as_if_it_were_not_there_and_none_is_one_answer(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    first, second = tokens(running, issued, 2)
    for of in (f"{first}.{GUESSED}", f"{GUESSED}.{first}.{first}"):
        assert names_in(running.client.get(f"/v1/passes/together/{of}/passes.pkpasses").content) == [str(UUID(int=100))]
    running.hear(revoked(ticket_id=UUID(int=100), reason="lost"))
    alone = running.client.get(f"/v1/passes/together/{first}.{second}")
    assert "Kind0" not in alone.text and "Kind1" in alone.text
    guessed = running.client.get(f"/v1/passes/together/{GUESSED}")
    assert guessed.status_code == 404
    for of in (first, "a..b", "x" * 9000, ".".join([GUESSED] * 2), ".".join(f"{n:022d}" for n in range(11))):
        answer = running.client.get(f"/v1/passes/together/{of}")
        assert answer.status_code == 404
        assert answer.text == guessed.text
        assert running.client.get(f"/v1/passes/together/{of}/passes.pkpasses").status_code == 404


def test_more_than_ten_are_refused_and_a_ticket_that_is_not_good_is_in_no_bundle(
    running: WalletService, issued: Callable[..., TicketIssued], revoked: Callable[..., TicketRevoked]
) -> None:
    mine = tokens(running, issued, 11)
    assert running.client.get(f"/v1/passes/together/{'.'.join(mine)}").status_code == 404
    running.hear(revoked(ticket_id=UUID(int=100)))
    two = ".".join(mine[:2])
    assert "Gesperrt" in running.client.get(f"/v1/passes/together/{two}").text
    assert names_in(running.client.get(f"/v1/passes/together/{two}/passes.pkpasses").content) == [str(UUID(int=101))]
    assert running.client.get(f"/v1/passes/together/{mine[0]}/passes.pkpasses").status_code == 404
    with pytest.raises(ValueError, match="bundle"):
        bundle([b"x"] * (MOST_PASSES + 1))


@pytest.mark.parametrize("count", [1, 5, 10])
def test_google_gets_each_of_them_once_in_links_that_browsers_carry(google: GoogleWallet, count: int) -> None:
    passes: list[Pass] = [make_pass(ticket_id=UUID(int=1000 + number)) for number in range(count)]
    links = save_tokens(google, passes, NOW)
    assert all(len(each) <= LONGEST_TOKEN for each in links)
    claims = [json.loads(urlsafe_b64decode(each.split(".")[1] + "==")) for each in links]
    ids = [each["id"] for claim in claims for each in claim["payload"]["genericObjects"]]
    assert ids == [google.object_id(each) for each in passes]
    assert len(links) <= 1 + count // 5


@pytest.mark.parametrize(("agent", "phone"), [
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15", Phone.IOS),
    ("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X)", Phone.IOS),
    ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140 Mobile", Phone.ANDROID),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", Phone.OTHER),
    ("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Lumia) like iPhone", Phone.OTHER),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", Phone.OTHER),
    ("", Phone.OTHER), (None, Phone.OTHER), ("x" * 5000 + "iPhone", Phone.OTHER),
])  # fmt: skip
def test_a_phone_is_known_by_what_it_says_of_itself(agent: str | None, phone: Phone) -> None:
    assert phone_of(agent) is phone


def test_an_installation_has_badges_of_its_own_and_nothing_else_takes_their_place(tmp_path: Path) -> None:
    assert own_badges(None) == {} == own_badges(tmp_path)
    (tmp_path / "apple-de.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "other.svg").write_text("<svg/>")
    assert list(own_badges(tmp_path)) == ["badges/apple-de.svg"]
    (tmp_path / "google-en.svg").write_text("<html>")
    with pytest.raises(ValueError, match=r"google-en\.svg"):
        own_badges(tmp_path)


def test_a_page_says_as_of_when_it_was_made(running: WalletService, issued: Callable[..., TicketIssued]) -> None:
    (token,) = tokens(running, issued, 1)
    running.time[0] = NOW + timedelta(hours=1)
    assert "Stand: 23.11.2026, 11:30 Uhr" in running.client.get(f"/v1/passes/{token}").text
