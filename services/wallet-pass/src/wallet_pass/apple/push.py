"""Apple's push service (APNs), told over HTTP/2 that a device has news.

A push for a pass carries nothing: the device asks this service what has changed. The connection shows the certificate
that signs the passes, and the topic is its pass type. Source: docs/sources/wallets.md, 1.5.
"""

import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import httpx
import structlog
from shared.errors import Text, Unavailable

from wallet_pass.workflow.apple_ports import DeadPushToken

log = structlog.get_logger("push")
PRODUCTION = "https://api.push.apple.com"
"""Passes know no sandbox."""
TIMEOUT_SECONDS = 10.0
LONGEST_REASON = 40
LARGEST_ANSWER = 300
"""Bytes; Apple's have some 60. So few cannot nest so deep that reading them fails."""
KEPT_FOR = timedelta(days=30)
"""So long Apple keeps a push for a phone that is switched off; a school holiday is six weeks, and a phone that is on
again looks by itself within a day or so."""
DEAD = frozenset({"BadDeviceToken", "DeviceTokenNotForTopic", "Unregistered", "ExpiredToken"})
"""Reasons with status 400 or 410 that say: this token is not, or not any more, one of ours."""
UNAVAILABLE = Text("Apples Push-Dienst antwortet gerade nicht.", "Apple's push service does not answer just now.")
REFUSED = Text("Apples Push-Dienst nimmt das Zertifikat nicht an.", "Apple's push service refuses the certificate.")


class RefusedPush(Exception):
    """This one push was refused: it is tried again later."""


class PushClient:
    """One connection, opened when it is needed and kept. Safe to use from several tasks."""

    def __init__(self, client: httpx.AsyncClient, url: str, topic: str, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._url = url.rstrip("/")
        self._topic = topic
        self._clock = clock

    async def push(self, push_token: str) -> None:
        """Tell one device.

        Raises:
            DeadPushToken: where Apple does not know it any more.
            Unavailable: where Apple does not answer, or refuses everything: the certificate, or too much at once.
            RefusedPush: where it refuses this device just now.
        """
        expires = int((self._clock() + KEPT_FOR).timestamp())
        headers = {
            "apns-topic": self._topic,
            "apns-push-type": "alert",  # a background push may be held back for long
            "apns-priority": "10",
            "apns-expiration": str(expires),
        }
        try:
            answer = await self._client.post(f"{self._url}/3/device/{push_token}", content=b"{}", headers=headers)
        except (httpx.RequestError, ssl.SSLError) as error:
            raise Unavailable(UNAVAILABLE) from error
        if answer.status_code == httpx.codes.OK:
            return
        reason, since = _reason(answer)
        if answer.status_code in (400, 410) and (answer.status_code == httpx.codes.GONE or reason in DEAD):
            raise DeadPushToken(since)
        log.warning("push_refused", status=answer.status_code, reason=reason)
        if answer.status_code == httpx.codes.FORBIDDEN:
            raise Unavailable(REFUSED)
        if answer.is_server_error or reason == "TooManyProviderTokenUpdates":
            raise Unavailable(UNAVAILABLE)
        raise RefusedPush(str(answer.status_code))


def open_client(certificate: Path, intermediate: Path, key: Path, ca_file: Path | None) -> httpx.AsyncClient:
    """That shows the pass certificate and who issued it.

    Args:
        ca_file: whose certificates the server may show; None: those that this machine trusts.

    Raises:
        ValueError: for files that do not fit.
    """
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
        with NamedTemporaryFile() as chain:  # OpenSSL reads a chain from one file alone
            chain.write(certificate.read_bytes() + b"\n" + intermediate.read_bytes())
            chain.flush()
            context.load_cert_chain(chain.name, key)
    except (OSError, ssl.SSLError) as error:
        raise ValueError(f"{certificate}, {key}, {ca_file or 'the trusted ones'}: {error}") from error
    return httpx.AsyncClient(http2=True, verify=context, timeout=TIMEOUT_SECONDS)


def _reason(answer: httpx.Response) -> tuple[str, datetime | None]:
    """Why, and since when a token is dead; empty where the answer is none of Apple's."""
    if len(answer.content) > LARGEST_ANSWER:
        return "", None
    try:
        document = json.loads(answer.content)
        reason, at = str(document["reason"]), document.get("timestamp")
        since = None if at is None else datetime.fromtimestamp(float(at) / 1000, UTC)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        return "", None
    return (reason if reason.isalpha() else "")[:LONGEST_REASON], since
