"""Where things of an application are, as far as who looks at it may do them now."""

from pydantic import BaseModel, Field

from application.api.applications.decision import detail_of, of_decision
from application.domain.application import Application, View
from application.domain.pass_links import pass_page
from application.domain.people import MAY, FamilyAct
from application.domain.status import CurrentStatus, Status
from application.workflow import linked_ticket, to_lose


class Links(BaseModel):
    self: str
    withdrawal: str | None = Field(
        default=None, description="POST nimmt den Antrag zurück; fehlt, wenn das nicht mehr geht."
    )
    answers: str | None = Field(
        default=None, description="POST beantwortet eine Frage oder meldet eine Änderung; fehlt, wenn zurückgenommen."
    )
    documents: str | None = Field(
        default=None, description="GET zeigt die Unterlagen, POST nimmt eine an (PDF, JPEG, PNG, HEIC, bis 10 MB)."
    )
    self_payer: str | None = Field(
        default=None, description="POST bestellt das Ticket, das mit der Ablehnung angeboten wird; sonst fehlt es."
    )
    loss: str | None = Field(
        default=None,
        description="POST meldet das Ticket als verloren; fehlt, wo es keines gibt oder schon gemeldet ist.",
    )
    pass_link: str | None = Field(
        default=None,
        description="POST erneuert den Link zur Seite des Tickets, DELETE sperrt ihn; fehlt, wo es kein Ticket gibt.",
    )
    pick_up: str | None = Field(
        default=None, description="POST macht einen Abholcode, mit dem das Ticket ohne Konto aufs Telefon kommt."
    )
    people: str | None = Field(default=None, description="Wer mithilft; wem der Antrag gehört, lädt dort auch ein.")
    notice: str | None = Field(default=None, description="Der Bescheid als PDF.")
    pass_: str | None = Field(default=None, serialization_alias="pass", description="Die Seite des Tickets.")


def links_of(view: View, current: CurrentStatus, base: str) -> Links:
    """What can be done now, by who sees it."""
    decides = FamilyAct.DECIDE in MAY[view.you]
    own = path_of(view.application, base)
    ready = current.status in (Status.PASS_READY, Status.SUSPENDED)
    page = pass_page(view.news, current.ticket) if ready else None
    linked = linked_ticket(view.news)
    newest = max(of_decision(current.decision, view.news), key=lambda each: each.at, default=None)
    return Links(
        self=own,
        withdrawal=f"{own}/withdrawal" if decides and not current.status.is_final else None,
        answers=None if current.status is Status.WITHDRAWN else f"{own}/answers",
        documents=f"{own}/documents",
        people=f"{own}/people",
        loss=f"{own}/tickets/{ticket}/loss" if decides and (ticket := to_lose(view.news)) else None,
        notice=detail_of(newest).notice_url if newest else None,
        pass_link=f"{own}/tickets/{linked}/link" if decides and linked else None,
        pick_up=f"{own}/tickets/{linked}/pick-up-codes" if decides and linked and page else None,
        pass_=page,
    )


def path_of(application: Application, base: str) -> str:
    """Where the application is."""
    return f"{base}/v1/applications/{application.id}"
