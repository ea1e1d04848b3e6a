"""What iPhones ask for: Apple's web service for passes. Source: docs/sources/wallets.md, 1.5.

Some readers join `//v1`: both forms of each address are answered.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from shared.errors import Forbidden

from wallet_pass.api.headers import PKPASS, PRIVATE
from wallet_pass.domain.carried import LONGEST_TAG
from wallet_pass.domain.devices import DEVICE_ID, PUSH_TOKEN, DeviceId, PushToken
from wallet_pass.workflow import Workflow
from wallet_pass.workflow.changes import Changes
from wallet_pass.workflow.phones import PassReference

log = structlog.get_logger("phones")
LONGEST_DATE = 64
"""Characters: `Mon, 01 Jan 2024 00:00:00 GMT` has 29."""
CARRIES = "~"
"""Between a tag and what the phone carries with it; good in an address as it is."""
TAG_DIGITS = 18
"""Of a tag, with zeros in front: so tags are in order as texts too."""
MOST_COMPLAINTS = 20
LONGEST_COMPLAINT = 200
_LIKELY_SECRET = re.compile(r"\S*[\d/@=]\S*")
"""Words with a digit or a part of an address: what phones say names passes, devices and tokens."""
_NOT_WRITTEN = re.compile(r"[^A-Za-z .,:;()'…-]+")

PassType = Annotated[str, Path(max_length=100)]
Device = Annotated[str, Path(pattern=DEVICE_ID)]


class Registration(BaseModel):
    """What a phone sends when a pass is added to it."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"pushToken": "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"}}
    )

    push_token: Annotated[str, Field(alias="pushToken", pattern=PUSH_TOKEN)]


class ChangedPasses(BaseModel):
    """Which of a device's passes it should fetch."""

    model_config = ConfigDict(populate_by_name=True)

    serial_numbers: list[str] = Field(alias="serialNumbers")
    last_updated: str = Field(alias="lastUpdated", description="To be sent back as passesUpdatedSince, as it is.")


class Complaints(BaseModel):
    """What went wrong on a phone, in its own words."""

    model_config = ConfigDict(json_schema_extra={"example": {"logs": ["[2026-11-23] Web service error"]}})

    logs: Annotated[list[str], Field(max_length=1000)]


def add_apple(routes: APIRouter, workflow: Workflow) -> None:
    """Apple's web service: registered, told what has changed, given the newest pass."""
    _add_registrations(_Both(routes, "/devices/{device_id}/registrations/{pass_type}/{serial_number}"), workflow)
    _add_list(_Both(routes, "/devices/{device_id}/registrations/{pass_type}"), workflow)
    _add_newest(_Both(routes, "/passes/{pass_type}/{serial_number}"), workflow)
    _add_log(_Both(routes, "/log"))


class _Both:
    """Adds a route at both forms of its address."""

    def __init__(self, routes: APIRouter, path: str) -> None:
        self._routes, self._path = routes, path

    def add(self, method: str, endpoint: Callable[..., object], **described: object) -> None:
        given: dict[str, object] = {"methods": [method], "tags": ["apple"], "response_class": Response, **described}
        self._routes.add_api_route(f"/apple/v1{self._path}", endpoint, **given)  # type: ignore[arg-type]
        hidden = given | {"include_in_schema": False}
        self._routes.add_api_route(f"/apple//v1{self._path}", endpoint, **hidden)  # type: ignore[arg-type]


def _add_registrations(routes: _Both, workflow: Workflow) -> None:
    async def register(
        request: Request, device_id: Device, pass_type: PassType, serial_number: str, body: Registration
    ) -> Response:
        """A phone that has the pass wants to be told when it changes. 201 where that is new, 200 where it was known."""
        shown = _shown(request, pass_type, serial_number)
        if shown is None:
            return _unauthorised()
        try:
            is_new = await workflow.phones.register(DeviceId(device_id), shown, PushToken(body.push_token))
        except Forbidden:
            return _unauthorised()
        return Response(status_code=201 if is_new else 200, headers=PRIVATE)

    async def unregister(request: Request, device_id: Device, pass_type: PassType, serial_number: str) -> Response:
        """The pass was removed from the phone."""
        shown = _shown(request, pass_type, serial_number)
        if shown is None:
            return _unauthorised()
        try:
            await workflow.phones.unregister(DeviceId(device_id), shown)
        except Forbidden:
            return _unauthorised()
        return Response(status_code=200, headers=PRIVATE)

    new = {201: {"description": "The phone is told from now on"}, 401: {"description": "Not this pass's token"}}
    routes.add("POST", register, responses=new)
    routes.add("DELETE", unregister, responses={401: {"description": "Not this pass's token"}})


def _add_list(routes: _Both, workflow: Workflow) -> None:
    async def changed(
        device_id: Device,
        pass_type: PassType,
        since: Annotated[str | None, Query(alias="passesUpdatedSince", max_length=LONGEST_TAG)] = None,
    ) -> Response:
        """Which of its passes have changed; 204 where none has. The device's id is its secret, so there is no other."""
        number, _, brought = (since or "").partition(CARRIES)
        found = await workflow.phones.changed_since(DeviceId(device_id), pass_type, _read_tag(number), brought)
        if not found.passes:
            return Response(status_code=204, headers=PRIVATE)
        return JSONResponse(_changed(found).model_dump(by_alias=True), headers=PRIVATE)

    nothing = {204: {"description": "Nothing has changed"}}
    routes.add("GET", changed, response_model=ChangedPasses, responses=nothing)


def _add_newest(routes: _Both, workflow: Workflow) -> None:
    async def newest(
        request: Request,
        pass_type: PassType,
        serial_number: str,
        if_modified_since: Annotated[str | None, Header()] = None,
    ) -> Response:
        """The pass, where it has changed. `Authorization: ApplePass <authenticationToken>`."""
        shown = _shown(request, pass_type, serial_number)
        if shown is None:
            return _unauthorised()
        try:
            content, changed_at = await workflow.package_for_phone(shown, _http_date(if_modified_since))
        except Forbidden:
            return _unauthorised()
        headers = PRIVATE | {"Last-Modified": format_datetime(changed_at.astimezone(UTC), usegmt=True)}
        if content is None:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=PKPASS, headers=headers)

    routes.add("GET", newest, responses={304: {"description": "It has not changed"}})


def _add_log(routes: _Both) -> None:
    async def complain(body: Complaints) -> Response:
        """Phones say here what went wrong; kept in our log without what might be a secret."""
        for each in body.logs[:MOST_COMPLAINTS]:
            log.warning("phone_complains", said=_scrubbed(each))
        return Response(status_code=200, headers=PRIVATE)

    routes.add("POST", complain)


def _shown(request: Request, pass_type: str, serial_number: str) -> PassReference | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    serial = _uuid(serial_number)
    return None if scheme != "ApplePass" or serial is None else PassReference(pass_type, serial, token.strip())


def _changed(found: Changes) -> ChangedPasses:
    newest = str(max(tag for _, tag in found.passes)).zfill(TAG_DIGITS)
    carried = f"{CARRIES}{found.carried}" if found.carried else ""
    return ChangedPasses(serial_numbers=[str(serial) for serial, _ in found.passes], last_updated=newest + carried)


def _read_tag(text: str | None) -> int:
    """What is none of ours leads to the whole list: once too often does no harm."""
    return int(text) if text is not None and re.fullmatch(rf"[0-9]{{1,{TAG_DIGITS}}}", text) else 0


def _scrubbed(text: str) -> str:
    return _NOT_WRITTEN.sub("", _LIKELY_SECRET.sub("…", text[:LONGEST_COMPLAINT]))


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
