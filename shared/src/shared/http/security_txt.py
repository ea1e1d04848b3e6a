"""`/.well-known/security.txt` (RFC 9116): to whom a weakness of this installation is told. There only where its
operator has named somebody."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from fastapi import APIRouter, Response

from shared.errors import Text
from shared.http.landing import Link

PATH = "/.well-known/security.txt"
LINK = Link(PATH, Text("Eine Schwachstelle melden", "Report a weakness"))
GOOD_FOR = timedelta(days=90)
"""From the day on which it is asked for: whoever answers is running, and says what is set now. The RFC wants less than
a year."""
SCHEMES = ("mailto", "https", "tel")
_NO_LINE = re.compile(r"[^\x21-\x7e]")


def read_contacts(setting: str) -> Sequence[str]:
    """URIs with spaces between, the preferred first.

    Raises:
        ValueError: for what is no mailto:, https: or tel:.
    """
    contacts = setting.split()
    for each in contacts:
        parts = urlsplit(each)
        if parts.scheme not in SCHEMES or not (parts.netloc or parts.path) or _NO_LINE.search(each):
            raise ValueError(f"no address of the kinds {', '.join(SCHEMES)}: {each[:60]!r}")
    return contacts


def security_txt(contacts: Sequence[str], public_url: str, clock: Callable[[], datetime]) -> APIRouter:
    """The route of `/.well-known/security.txt` (RFC 9116): to whom a weakness is told."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def told() -> Response:
        expires = (clock() + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = [
            *(f"Contact: {each}" for each in contacts),
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: de, en",
            f"Canonical: {public_url}{PATH}",
        ]
        headers = {"Cache-Control": "max-age=86400"}
        return Response("\r\n".join(lines) + "\r\n", media_type="text/plain; charset=utf-8", headers=headers)

    return router
