"""Who helps with an application: look, invite, take an invitation back, remove; and accept an invitation."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from shared.calendar import in_berlin
from shared.http.limits import Limit
from shared.identity import Caller, Identity

from application.api.description import PROBLEM
from application.api.people.limits import NO_INVITATION_LIMITS, InvitationLimits
from application.api.requests import application_id_of, invitation_id_of, owner_of, person_id_of
from application.domain.people import InvitationKind, PersonKind
from application.form.called import CalledName, called_by_account
from application.workflow import PeopleView, Workflow

NO_STORE = {"Cache-Control": "no-store"}


class PersonAnswer(BaseModel):
    """Eine Person, die mithilft."""

    id: UUID
    kind: PersonKind
    name: str = Field(description="Wie sie genannt werden möchte; leer, wenn sie nichts angegeben hat.")
    since: datetime


class OpenInvitation(BaseModel):
    """Eine Einladung, die noch niemand angenommen hat. Ihr Link steht nirgends mehr."""

    id: UUID
    kind: InvitationKind
    made_at: datetime
    expires_at: datetime


class PeopleList(BaseModel):
    """Wer mithilft, und wer eingeladen ist. Wer mithilft, sieht hier nur sich selbst."""

    items: list[PersonAnswer]
    invitations: list[OpenInvitation]
    takeover_from: date | None = Field(
        description="Ab diesem Tag kann die Schülerin oder der Schüler den Antrag übernehmen; null, wenn er ihnen "
        "schon gehört, und für Personen, die mithelfen."
    )


class InvitationOrder(BaseModel):
    """Wozu eingeladen wird."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"kind": "helper"}})

    kind: InvitationKind = Field(
        default=InvitationKind.HELPER,
        description="helper: mithelfen; takeover: den Antrag übernehmen, ab dem 18. Geburtstag.",
    )


class InvitationLink(BaseModel):
    """Eine neue Einladung. Der Link wird nur jetzt gesagt; geben Sie ihn selbst weiter."""

    id: UUID
    link: str = Field(description="Gilt einmal.")
    expires_at: datetime


class JoinerName(BaseModel):
    """Wie die Person genannt werden möchte."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "Oma Inge"}})

    name: CalledName | None = Field(default=None, description="Fehlt: der Name des Kontos.")


class AcceptedInvitation(BaseModel):
    """Die Einladung ist angenommen."""

    application: str = Field(description="Wo der Antrag ist.")
    you: PersonKind


def router(
    workflow: Workflow,
    identity: Identity,
    public_url: str,
    limits: InvitationLimits = NO_INVITATION_LIMITS,
    limit: Limit | None = None,
) -> APIRouter:
    """Routes under /v1/applications/{application_id}/people and …/invitations, and /v1/invitations.

    Args:
        limit: how often one client may try a link.
    """
    routes = APIRouter(prefix="/v1", tags=["people"])
    _add_people(routes, workflow, identity)
    _add_invitations(routes, workflow, identity, public_url, limits)
    _add_acceptance(routes, workflow, identity, public_url, limit)
    return routes


def _add_people(routes: APIRouter, workflow: Workflow, identity: Identity) -> None:
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.get(
        "/applications/{application_id}/people",
        response_model=PeopleList,
        responses=dict.fromkeys((401, 403, 404), PROBLEM),
    )
    async def every(application_id: str, caller: Who) -> Response:
        """Wer bei einem Antrag mithilft, und welche Einladungen offen sind."""
        view = await workflow.people.all(owner_of(caller), application_id_of(application_id), datetime.now(UTC))
        return _json(_listed(view))

    @routes.delete(
        "/applications/{application_id}/people/{person_id}",
        status_code=204,
        responses=dict.fromkeys((401, 403, 404), PROBLEM),
    )
    async def remove(application_id: str, person_id: str, caller: Who) -> Response:
        """Eine Person hilft sofort nicht mehr mit. Wer mithilft, kann sich selbst entfernen."""
        number, person = application_id_of(application_id), person_id_of(person_id)
        await workflow.people.remove(owner_of(caller), number, person, datetime.now(UTC))
        return Response(status_code=204, headers=NO_STORE)


def _add_invitations(
    routes: APIRouter, workflow: Workflow, identity: Identity, public_url: str, limits: InvitationLimits
) -> None:
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.post(
        "/applications/{application_id}/invitations",
        status_code=201,
        response_model=InvitationLink,
        responses=dict.fromkeys((400, 401, 403, 404, 409, 422, 429), PROBLEM),
    )
    async def invite(application_id: str, order: InvitationOrder, request: Request, caller: Who) -> Response:
        """Eine Person einladen, mit einem Link, den Sie ihr selbst geben. Höchstens zehn sind zugleich offen."""
        owner, number = owner_of(caller), application_id_of(application_id)
        await workflow.people.expect(owner, number)
        limits.invite(owner, request)
        new = await workflow.people.invite(owner, number, order.kind, datetime.now(UTC))
        link = f"{public_url}/invitations/{new.token}"
        made = InvitationLink(id=new.invitation.id, link=link, expires_at=in_berlin(new.invitation.expires_at))
        return _json(made, status=201)

    @routes.delete(
        "/applications/{application_id}/invitations/{invitation_id}",
        status_code=204,
        responses=dict.fromkeys((401, 403, 404), PROBLEM),
    )
    async def take_back(application_id: str, invitation_id: str, caller: Who) -> Response:
        """Eine offene Einladung zurücknehmen: Ihr Link führt zu nichts mehr."""
        number, which = application_id_of(application_id), invitation_id_of(invitation_id)
        await workflow.people.take_back(owner_of(caller), number, which, datetime.now(UTC))
        return Response(status_code=204, headers=NO_STORE)


def _add_acceptance(
    routes: APIRouter, workflow: Workflow, identity: Identity, public_url: str, limit: Limit | None
) -> None:
    Who = Annotated[Caller, Depends(identity.caller)]  # noqa: N806  # a type

    @routes.post(
        "/invitations/{invitation_token}",
        response_model=AcceptedInvitation,
        responses=dict.fromkeys((400, 401, 403, 404, 409, 422, 429), PROBLEM),
        dependencies=[Depends(limit.check)] if limit else [],
    )
    async def accept(invitation_token: str, caller: Who, joiner: JoinerName | None = None) -> Response:
        """Eine Einladung annehmen, mit dem letzten Stück ihres Links. Ein zweites Mal ändert nichts."""
        name = joiner.name if joiner and joiner.name else called_by_account(caller.name)
        accepted = await workflow.people.accept(owner_of(caller), invitation_token, name, datetime.now(UTC))
        place = f"{public_url}/v1/applications/{accepted.application_id}"
        return _json(AcceptedInvitation(application=place, you=accepted.you))


def _listed(view: PeopleView) -> PeopleList:
    return PeopleList(
        items=[
            PersonAnswer(id=each.id, kind=each.kind, name=each.name, since=in_berlin(each.since))
            for each in view.people
        ],
        invitations=[
            OpenInvitation(
                id=each.id, kind=each.kind, made_at=in_berlin(each.made_at), expires_at=in_berlin(each.expires_at)
            )
            for each in view.invitations
        ],
        takeover_from=view.takeover_from,
    )


def _json(model: BaseModel, *, status: int = 200) -> Response:
    """Nobody but the caller may keep it."""
    return Response(model.model_dump_json(), status_code=status, headers=NO_STORE, media_type="application/json")
