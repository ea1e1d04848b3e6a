"""/v1/me: all that is kept of the account that asks."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from shared.errors import Language
from shared.http.limits import Limit
from shared.http.problems import language_of
from shared.identity import Caller, Identity

from application.api.description import PROBLEM
from application.api.own_data.reading import NAMES, OwnDataReader, pieces
from application.api.requests import owner_of
from application.domain.ids import Owner
from application.workflow import Workflow

NO_STORE = {"Cache-Control": "no-store"}


class ErasedAccount(BaseModel):
    """Was gelöscht wurde."""

    tables: dict[str, int] = Field(description="Wie viele Zeilen aus welcher Tabelle gelöscht sind.")
    kept: list[str] = Field(description="Kennungen der Anträge, die noch bleiben müssen; sonst leer.")


def router(workflow: Workflow, reader: OwnDataReader, identity: Identity, limit: Limit) -> APIRouter:
    """GET /v1/me/export, DELETE /v1/me.

    Args:
        limit: how often one account may export.
    """
    routes = APIRouter(prefix="/v1/me", tags=["me"])
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.get("/export", response_class=Response, responses=dict.fromkeys((401, 403, 429), PROBLEM))
    async def export(request: Request, caller: Who) -> Response:
        """Alles, was hier zu diesem Konto gespeichert ist, als ZIP: eine Seite zum Lesen, dieselben Daten für Programme
        (data.json), alle Unterlagen, und was die anderen Dienste aufbewahren und wie man es bekommt."""
        owner = owner_of(caller)
        limit.spend(owner, request)
        return await sent_archive(reader, owner, language_of(request.headers.get("accept-language")))

    @routes.delete("", response_model=ErasedAccount, responses=dict.fromkeys((401, 403, 409), PROBLEM))
    async def erase(
        caller: Who,
        keep_held: Annotated[
            bool,
            Query(description="true: Was noch bleiben muss, bleibt; alles andere wird gelöscht."),
        ] = False,
    ) -> Response:
        """Alle Anträge, Entwürfe, Unterlagen und Helferrechte dieses Kontos löschen, in allen Diensten. Muss ein Antrag
        noch bleiben, wird nichts gelöscht; die Antwort sagt zu jedem, warum und bis wann (holds)."""
        owner, now = owner_of(caller), datetime.now(UTC)
        gone = await workflow.erasure.of_account(owner, now, keep_held=keep_held)
        held = await workflow.erasure.held_of(owner, now) if keep_held else []
        answer = ErasedAccount(tables=dict(gone), kept=[str(each.application_id) for each in held])
        return Response(answer.model_dump_json(), headers=NO_STORE, media_type="application/json")

    return routes


async def sent_archive(reader: OwnDataReader, owner: Owner, language: Language) -> Response:
    """As a file of its own, which nobody else keeps."""
    file = await reader.archive(owner, language, datetime.now(UTC))
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{NAMES[language]}"'}
    return StreamingResponse(pieces(file), media_type="application/zip", headers=headers)
