"""Tells Google Wallet's REST interface about classes and objects: walletobjects.googleapis.com, version 1."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx
from shared.errors import Invalid, Text, Unavailable

from wallet_pass import wording
from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass
from wallet_pass.domain.rotation import Rotation
from wallet_pass.google.wallet import GoogleWallet

Document = dict[str, Any]
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
RENEW_BEFORE = timedelta(minutes=5)
LONGEST_NUMBER, LONGEST_DATE = 6, 64
UNAVAILABLE = Text("Google Wallet antwortet gerade nicht.", "Google Wallet does not answer just now.")
REFUSED = Text("Google Wallet hat den Pass abgelehnt.", "Google Wallet refused the pass.")
REMOVABLE = {"genericClass": ("callbackOptions",), "genericObject": ("rotatingBarcode",)}
PERMANENT = frozenset({400, 413, 422})
"""The document itself is refused. All else is mended by waiting or by the operator: also 401 (the access token was
taken back early; the next attempt fetches a new one) and 403 (the account is not yet a user in Google's console)."""


class GoogleRest:
    """One account's access. `send` may be called again with the same pass: it ends in the same state."""

    def __init__(
        self, wallet: GoogleWallet, client: httpx.AsyncClient, endpoint: str, clock: Callable[[], datetime]
    ) -> None:
        self._wallet = wallet
        self._client = client
        self._base = f"{endpoint.rstrip('/')}/walletobjects/v1"
        self._clock = clock
        self._token: tuple[str, datetime] | None = None
        self._classes: dict[str, Document] = {}

    async def send(self, wallet_pass: Pass, design: Design, rotation: Rotation | None = None) -> None:
        """Make Google know the pass as it is now.

        Args:
            rotation: how its code changes; None: it stands still.

        Raises:
            Unavailable: (try later).
            Invalid: (refused for good).
        """
        generic_class = self._wallet.generic_class(wallet_pass)
        if self._classes.get(generic_class["id"]) != generic_class:
            await self._put("genericClass", generic_class)
            self._classes[generic_class["id"]] = generic_class
        rotating = self._wallet.rotating_barcode(wallet_pass, rotation)
        await self._put("genericObject", self._wallet.generic_object(wallet_pass, design) | rotating)

    async def notify(self, wallet_pass: Pass, text: Text) -> None:
        """Have the phone tell its owner of a change that a person must know of.

        For generic passes that is a message, where other kinds have NOTIFY_ON_UPDATE. What Google does with one that it
        does not take changes nothing: the pass itself is as it should be.

        Raises:
            Unavailable: (try later).
        """
        said = {"language": "de", "value": text.de}, {"language": "en", "value": text.en}
        message = {
            "id": f"state-{int(wallet_pass.changed_at.timestamp())}",
            "header": wording.DESCRIPTION.de,
            "body": text.de,
            "localizedBody": {"defaultValue": said[0], "translatedValues": [said[1]]},
            "messageType": "TEXT_AND_NOTIFY",
        }
        address = f"{self._base}/genericObject/{quote(self._wallet.object_id(wallet_pass), safe='')}/addMessage"
        answer = await self._call("POST", address, {"message": message})
        if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.TOO_MANY_REQUESTS) or answer.is_server_error:
            self._expect(answer)

    async def _put(self, kind: str, document: Document) -> None:
        """Change it where it is, insert it where it is not: only 404 means that it is not.

        Source: docs/sources/wallets.md, 2.

        A change leaves alone what it does not mention: every document has the same fields, a void one too, in whose
        barcode words stand. What only some have (`REMOVABLE`) is taken away by name, or a revoked ticket's code would
        go on changing; where Google's answer has it all the same, the whole document takes the other's place.
        """
        address = f"{self._base}/{kind}/{quote(document['id'], safe='')}"
        gone = [name for name in REMOVABLE[kind] if name not in document]
        change = document | dict.fromkeys(gone)
        changed = await self._call("PATCH", address, change)
        if changed.status_code == httpx.codes.NOT_FOUND:
            changed = await self._call("POST", f"{self._base}/{kind}", document)
            if changed.status_code == httpx.codes.CONFLICT:  # another process was faster
                changed = await self._call("PATCH", address, change)
        kept = self._kept(changed, document)
        if any(kept.get(name) is not None for name in gone):
            self._kept(await self._call("PUT", address, document), document)

    async def _call(self, method: str, address: str, document: Document | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self._access_token()}"}
        try:
            response = await self._client.request(method, address, json=document, headers=headers)
        except httpx.RequestError as error:
            raise Unavailable(UNAVAILABLE) from error
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._token = None
        return response

    async def _access_token(self) -> str:
        now = self._clock()
        if self._token is not None and now < self._token[1]:
            return self._token[0]
        form = {"grant_type": GRANT_TYPE, "assertion": self._wallet.account.grant(now)}
        try:
            response = await self._client.post(self._wallet.account.token_url, data=form)
        except httpx.RequestError as error:
            raise Unavailable(UNAVAILABLE) from error
        if response.is_error:  # a wrong key or a closed account is mended by the operator, and then it works
            raise self._away(response)
        try:
            answer = response.json()
            self._token = answer["access_token"], now + timedelta(seconds=int(answer["expires_in"])) - RENEW_BEFORE
        except (ValueError, KeyError, TypeError) as error:  # an answer that is none is no pass's fault
            raise Unavailable(UNAVAILABLE) from error
        return self._token[0]

    def _kept(self, response: httpx.Response, document: Document) -> Document:
        """What Google says that it has. An answer that is none, of whoever stands between, is none of Google's."""
        self._expect(response)
        try:
            kept = response.json()
        except ValueError as error:
            raise Unavailable(UNAVAILABLE) from error
        if not isinstance(kept, dict) or kept.get("id") != document["id"]:
            raise Unavailable(UNAVAILABLE)
        return kept

    def _expect(self, response: httpx.Response) -> None:
        if response.status_code in PERMANENT:
            raise Invalid(REFUSED)
        if response.is_error:
            raise self._away(response)

    def _away(self, response: httpx.Response) -> Unavailable:
        away = Unavailable(UNAVAILABLE)
        away.retry_after = _seconds(response.headers.get("Retry-After", ""), self._clock())
        return away


def _seconds(retry_after: str, now: datetime) -> float:
    """Of a header in either form: 0 where there is none or an unreadable one."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:LONGEST_NUMBER])
    try:
        at = parsedate_to_datetime(retry_after[:LONGEST_DATE])
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return 0.0
