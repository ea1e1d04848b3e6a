"""Codes as they leave the house: drawn, and printed beside the event loop."""

import asyncio
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import Response
from shared.errors import Conflict, Text

from application.printing.code_press import CodePress
from application.web.codes import letter_of, sheet_of
from application.workflow import Workflow
from application.workflow.codes.codes import ClassOrder

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
NOTHING_WAITS = Text("Es wartet kein Brief.", "No letter waits.")
TITLE = "Briefe mit einem Code"
STAFF = ("case_worker", "administrator")


class PrintedCodes:
    """Of one service; `public_url`: where families type a code."""

    def __init__(self, workflow: Workflow, public_url: str) -> None:
        self.workflow, self._press = workflow, CodePress()
        address = urlsplit(public_url)
        self._address = f"{address.netloc}{address.path}/family/code"

    async def sheet(self, authority_id: str, order: ClassOrder, by: str, now: datetime) -> Response:
        """The codes of a class, once. Raises as `Codes.make`."""
        new = await self.workflow.codes.make(authority_id, order, by, now)
        content = sheet_of(new, self._address)
        return _pdf(await asyncio.to_thread(self._press.sheet, content, now), "codes.pdf", str(new.batch_id))

    async def letters(self, authority_id: str, by: str, now: datetime) -> Response:
        """The letters that wait, once.

        Raises:
            Conflict: where none waits.
        """
        printed = await self.workflow.letters.print(authority_id, by, now)
        if not printed:
            raise Conflict(NOTHING_WAITS)
        content = [letter_of(each, self._address, now) for each in printed]
        return _pdf(await asyncio.to_thread(self._press.letters, content, TITLE, now), "letters.pdf")


def _pdf(content: bytes, name: str, batch: str = "") -> Response:
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
    headers |= {"Location": f"/v1/codes/{batch}"} if batch else {}
    return Response(content, 201 if batch else 200, media_type="application/pdf", headers=headers)
