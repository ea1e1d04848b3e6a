"""The four services as `main.build` wires them, each on a database in a folder: all routers, pages and policy tables as
they run. What takes long to load and decides nobody's rights is a stand-in: the walking network, certificates."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock, patch

import application.main
import eligibility.main
import issuance.main
import wallet_pass.main
from application.store import SqlStore
from eligibility.store import Store as EligibilityStore
from geography.model import Measurement, Point
from issuance.store.inspection import InspectionStore
from shared.runtime.service import Service
from shared.runtime.settings import ServiceSettings
from support.application.keys import key_settings
from support.matrix.actors import NamesAsTokens
from wallet_pass.store import PassStore

AnyService = Service[SqlStore] | Service[EligibilityStore] | Service[InspectionStore] | Service[PassStore]
BUILD: dict[str, Callable[[], AnyService]] = {
    "application": application.main.build,
    "eligibility": eligibility.main.build,
    "issuance": issuance.main.build_api,
    "wallet-pass": wallet_pass.main.build,
}
URL = "http://service.test"
LIMITED = (
    "ADDRESS_REQUESTS", "OPEN_REQUESTS", "ACCOUNT_REQUESTS", "ACCOUNT_CHANGES", "AUTHORITY_REQUESTS", "WRONG_SIGN_INS",
    "INSPECTIONS", "PASS_REQUESTS",
)  # fmt: skip


@contextmanager
def built(folder: Path, *names: str) -> Iterator[dict[str, AnyService]]:
    """By name; all, where none is named. Their databases are where `url_of` says."""
    with patch.dict(os.environ, _environment(folder)), _stand_ins():
        made = {name: build() for name, build in BUILD.items() if name in names or not names}
    yield made
    for each in made.values():
        each.database.close()


ELSEWHERE: dict[tuple[Path, str], str] = {}
"""URLs of services whose database is no file in their folder."""


def url_of(folder: Path, name: str) -> str:
    return ELSEWHERE.get((folder, name), f"sqlite:///{folder / name}.db")


def _environment(folder: Path) -> dict[str, str]:
    (folder / "session.key").write_text("k" * 40)
    (folder / "digests.keys").write_text("ab" * 32)
    values: dict[str, str] = {}
    for name in BUILD:
        prefix = name.upper().replace("-", "_")
        values |= {
            f"{prefix}_PORT": "4712",
            f"{prefix}_PUBLIC_URL": URL,
            f"{prefix}_DATABASE_URL": url_of(folder, name),
            f"{prefix}_ISSUER": "https://id.example",
            f"{prefix}_NATS_URL": "nats://127.0.0.1:4222",
            f"{prefix}_NATS_SEED_FILE": "none",
            **{f"{prefix}_{each}_PER_MINUTE": "0" for each in LIMITED},
        }
        for pages in ("DESK", "FAMILY", "SCHOOL"):
            values |= {
                f"{prefix}_{pages}_CLIENT_ID": pages.lower(),
                f"{prefix}_{pages}_AUTHORIZE_URL": "https://id.example/authorize",
                f"{prefix}_{pages}_TOKEN_URL": "https://id.example/token",
                f"{prefix}_{pages}_SESSION_KEY_FILE": str(folder / "session.key"),
            }
    (folder / "codes.key").write_text("c" * 40)
    return (
        values
        | key_settings(folder)
        | {
            "APPLICATION_CODE_KEY_FILE": str(folder / "codes.key"),
            "ELIGIBILITY_NETWORK_FILE": "none",
            "ELIGIBILITY_DIGEST_KEYS_FILE": str(folder / "digests.keys"),
            "WALLET_PASS_CERTIFICATES": str(folder),
        }
    )


@contextmanager
def _stand_ins() -> Iterator[None]:
    signer = SimpleNamespace(
        is_test=True, pass_type="pass.example", team="TEAM", check=lambda *_: None, sign=lambda *_: b"signed"
    )
    with (
        patch.object(ServiceSettings, "identity", NamesAsTokens()),
        patch.object(eligibility.main, "open_measurer", Mock(return_value=_NetworkMeasurer())),
        patch.object(wallet_pass.main, "load_signer", lambda _: signer),
        patch.object(wallet_pass.main, "google_wallet", lambda _: Mock()),
    ):
        yield


class _NetworkMeasurer:
    """Implements Distances and RouteMeasurer: measures nothing."""

    network = SimpleNamespace(date=date(2026, 1, 1))

    async def example(self) -> tuple[Point, Point]:
        return Point(51.71, 8.75), Point(51.72, 8.76)

    def area(self) -> tuple[float, float, float, float]:
        return (8.0, 51.0, 9.5, 52.5)

    async def distance(self, start: Point, end: Point) -> Measurement:
        raise AssertionError("no way is measured here")

    async def warm_up(self) -> None:
        """There is nothing to warm."""
