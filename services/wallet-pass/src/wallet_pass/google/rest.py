"""Tells Google Wallet's REST interface about classes and objects: walletobjects.googleapis.com, version 1."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
from shared.errors import Invalid, Text, Unavailable

from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass
from wallet_pass.google.wallet import GoogleWallet

Document = dict[str, Any]
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
RENEW_BEFORE = timedelta(minutes=5)
UNAVAILABLE = Text("Google Wallet antwortet gerade nicht.", "Google Wallet does not answer just now.")
REFUSED = Text("Google Wallet hat den Pass abgelehnt.", "Google Wallet refused the pass.")
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

    async def send(self, wallet_pass: Pass, design: Design) -> None:
        """Make Google know the pass as it is now.

        Raises:
            Unavailable: (try later).
            Invalid: (refused for good).
        """
        generic_class = self._wallet.generic_class(wallet_pass)
        if self._classes.get(generic_class["id"]) != generic_class:
            await self._put("genericClass", generic_class)
            self._classes[generic_class["id"]] = generic_class
        await self._put("genericObject", self._wallet.generic_object(wallet_pass, design))

    async def _put(self, kind: str, document: Document) -> None:
        """Replace it where it is, insert it where it is not: only 404 means that it is not.

        Source: docs/sources/wallets.md, 2.

        PUT and not PATCH: what the new document lacks, a revoked ticket's barcode, must go.
        """
        address = f"{self._base}/{kind}/{quote(document['id'], safe='')}"
        known = await self._call("GET", address)
        if known.status_code != httpx.codes.NOT_FOUND:
            self._expect(known)
            self._expect(await self._call("PUT", address, document))
            return
        inserted = await self._call("POST", f"{self._base}/{kind}", document)
        if inserted.status_code == httpx.codes.CONFLICT:  # another process was faster
            inserted = await self._call("PUT", address, document)
        self._expect(inserted)

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
            raise Unavailable(UNAVAILABLE)
        try:
            answer = response.json()
            self._token = answer["access_token"], now + timedelta(seconds=int(answer["expires_in"])) - RENEW_BEFORE
        except (ValueError, KeyError, TypeError) as error:  # an answer that is none is no pass's fault
            raise Unavailable(UNAVAILABLE) from error
        return self._token[0]

    @staticmethod
    def _expect(response: httpx.Response) -> None:
        if response.status_code in PERMANENT:
            raise Invalid(REFUSED)
        if response.is_error:
            raise Unavailable(UNAVAILABLE)
