"""What iPhones ask for: Apple's web service for passes."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import Response
from shared.errors import Forbidden

from wallet_pass.api.headers import PKPASS, PRIVATE
from wallet_pass.workflow import Workflow

LONGEST_DATE = 64
"""Characters: `Mon, 01 Jan 2024 00:00:00 GMT` has 29."""


def add_apple(routes: APIRouter, workflow: Workflow) -> None:
    """Apple's web service: a phone fetches the newest pass. Some readers join `//v1`: both forms are answered."""

    @routes.get("/apple/v1/passes/{pass_type}/{serial_number}", tags=["apple"], response_class=Response)
    @routes.get("/apple//v1/passes/{pass_type}/{serial_number}", include_in_schema=False)
    async def newest(
        request: Request,
        pass_type: Annotated[str, Path()],
        serial_number: Annotated[str, Path()],
        if_modified_since: Annotated[str | None, Header()] = None,
    ) -> Response:
        """The pass, where it has changed. `Authorization: ApplePass <authenticationToken>`."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        serial = _uuid(serial_number)
        if scheme != "ApplePass" or serial is None:
            return _unauthorised()
        try:
            content, changed_at = await workflow.package_for_phone(
                pass_type, serial, token.strip(), _http_date(if_modified_since)
            )
        except Forbidden:
            return _unauthorised()
        headers = PRIVATE | {"Last-Modified": format_datetime(changed_at.astimezone(UTC), usegmt=True)}
        if content is None:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=PKPASS, headers=headers)


def _unauthorised() -> Response:
    return Response(status_code=401, headers=PRIVATE | {"WWW-Authenticate": "ApplePass"})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _http_date(text: str | None) -> datetime | None:
    """None where there is no date or an unreadable one: then the pass is sent."""
    if text is None or len(text) > LONGEST_DATE:
        return None
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):  # an offset that no clock has, a moment beyond what can be counted
        return None
