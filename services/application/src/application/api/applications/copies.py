"""A complete copy of an application, as PDF and as JSON."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from shared.errors import NotFound
from shared.identity import Caller, Identity

from application.api.description import PROBLEM
from application.api.requests import application_id_of, owner_of
from application.checks import SchoolKeys
from application.domain.application import View
from application.domain.school import School
from application.printing.copy_press import CopyPress
from application.web.apply.copy import copy_of, printed_copy
from application.web.apply.situation import value_at
from application.workflow import Workflow

NAMES = ("school_number", "claims.nearest_refused_school")
"""Where a form names a school."""


class Copies:
    """Of whatever application the caller has let the family see."""

    def __init__(self, workflow: Workflow, keys: SchoolKeys) -> None:
        self._workflow, self._keys, self._press = workflow, keys, CopyPress()

    async def schools(self, form: Mapping[str, Any]) -> dict[str, School]:
        """Those that a form names, by number, as far as the directory has them."""
        found = {}
        for number in {value_at(form, each) for each in NAMES} - {None}:
            try:
                found[str(number)] = await self._workflow.directory.school(str(number))
            except NotFound:
                continue
        return found

    async def pdf(self, view: View, headers: Mapping[str, str]) -> Response:
        """In German, as all letters are; PDF/UA-1."""
        content = printed_copy(view, await self.schools(json.loads(view.application.form)), self._keys)
        printed = await asyncio.to_thread(self._press.print, content)
        return Response(printed, media_type="application/pdf", headers=_named(headers, "Antrag.pdf"))

    def json(self, view: View, headers: Mapping[str, str]) -> Response:
        """For programs."""
        text = json.dumps(copy_of(view), ensure_ascii=False, indent=1)
        return Response(text, media_type="application/json", headers=_named(headers, "Antrag.json"))


def _named(headers: Mapping[str, str], name: str) -> dict[str, str]:
    return {**headers, "Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}


def router(workflow: Workflow, keys: SchoolKeys, identity: Identity) -> APIRouter:
    """/v1/applications/{id}/copy.pdf and copy.json."""
    copies = Copies(workflow, keys)
    routes = APIRouter(prefix="/v1/applications/{application_id}", tags=["applications"])
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.get("/copy.pdf", response_class=Response, responses=dict.fromkeys((401, 403, 404), PROBLEM))
    async def pdf(application_id: str, caller: Who) -> Response:
        """Eine vollständige Kopie des Antrags zum Aufbewahren, als PDF/UA."""
        view = await workflow.applications.view(owner_of(caller), application_id_of(application_id))
        return await copies.pdf(view, {})

    @routes.get("/copy.json", response_class=Response, responses=dict.fromkeys((401, 403, 404), PROBLEM))
    async def data(application_id: str, caller: Who) -> Response:
        """Dieselbe Kopie für Programme, mit den Prüfsummen der Unterlagen."""
        view = await workflow.applications.view(owner_of(caller), application_id_of(application_id))
        return copies.json(view, {})

    return routes
