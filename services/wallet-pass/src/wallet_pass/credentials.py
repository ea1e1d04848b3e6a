"""With what passes are signed and links are made: loaded from one folder, checked, and watched until they run out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from prometheus_client import Gauge
from shared.key_files import key_of
from shared.runtime.check import Check, Look

from wallet_pass.apple.signature import Signer
from wallet_pass.certificates import INTERMEDIATE, KEY, LEAF
from wallet_pass.domain.links import KEY_BYTES, Links
from wallet_pass.google.wallet import ServiceAccount

log = structlog.get_logger("certificates")
LINKS_KEY = "links.key"
WARN_DAYS = (60, 30, 7)
"""Before the end of the certificate. Apple gives out a new one within minutes; an authority's purchase takes weeks."""
DAY_SECONDS = 86_400.0
days_left = Gauge("pass_certificate_days", "Days until the certificate that signs passes runs out")


def load_signer(folder: Path) -> Signer:
    """Key, leaf and intermediate of the folder that `wallet-pass certificates` fills.

    Raises:
        ValueError: where they do not fit.
    """
    return Signer.load(folder / KEY, folder / LEAF, folder / INTERMEDIATE)


def open_links(folder: Path) -> Links:
    """By the key beside the certificates, made at the first start.

    Raises:
        ValueError: where it does not fit.
    """
    path = folder / LINKS_KEY
    try:
        return Links(key_of(path, KEY_BYTES))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}; wallet-pass keeps the key of its links there") from error


def certificates_in_use(apple: Signer, google: ServiceAccount) -> list[tuple[str, str, str]]:
    """Name, fingerprint and whose: however they came into the folder, the first process that signs with them says so
    on record."""
    leaf = apple.leaf.fingerprint(hashes.SHA256()).hex()
    return [
        ("apple", leaf, f"{apple.pass_type} {apple.team}"[:200]),
        ("google", google.key_id[:64], google.email[:200]),
    ]


def look_at_certificate(signer: Signer, clock: Callable[[], datetime]) -> Look:
    """Whether passes can be signed: Apple's certificates are good for a year. Not well from the last warning on."""

    async def look() -> Check:
        ends = signer.leaf.not_valid_after_utc
        left = ends - clock()
        said = f"good until {ends.date().isoformat()}, {left.days} days: {REMEDY}" if _warning(left) else ""
        return Check(
            left > timedelta(days=min(WARN_DAYS)), said or f"good until {ends.date().isoformat()}", blocks=False
        )

    return look


def warn_of_end(leaf: x509.Certificate, now: datetime) -> None:
    """Into the log, daily from the first of `WARN_DAYS` on, louder with each; and as a metric at all times."""
    left = leaf.not_valid_after_utc - now
    days_left.set(left / timedelta(days=1))
    warning = _warning(left)
    if warning is not None:
        say = log.error if warning == min(WARN_DAYS) else log.warning
        say("pass_certificate_ends", until=leaf.not_valid_after_utc.date().isoformat(), days=left.days, remedy=REMEDY)


REMEDY = "get a new one for the same pass type, then `wallet-pass certificates-import`, then restart"


def _warning(left: timedelta) -> int | None:
    """The tightest of the warnings that are due."""
    return min((days for days in WARN_DAYS if left <= timedelta(days=days)), default=None)
