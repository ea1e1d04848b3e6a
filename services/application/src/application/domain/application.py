"""An application as it was handed in, and what its family may see of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from application.domain.document import Document
from application.domain.ids import ApplicationId, Owner
from application.domain.people import PersonKind
from application.domain.school import School
from application.domain.status import CurrentStatus, current_status
from application.domain.timeline import TimelineEntry


@dataclass(frozen=True)
class Application:
    """An application as it was handed in. `form` is the JSON of `form.ApplicationForm`."""

    id: ApplicationId
    authority_id: str
    owner: Owner
    idempotency_key: str
    fingerprint: bytes
    """SHA-256 of the form: the same key with another form is a conflict."""
    submitted_at: datetime
    school_number: str
    school_year: str
    form: str
    applied_by: Owner | None = None
    """The account that handed it in, or that of the year before, where it was taken over since; None: it was not."""
    further: str | None = None
    """Answers to further questions of the authority, each with its question as it was asked: JSON of
    `shared.events.own_form.FurtherAnswers`; None: there are none."""

    demands: str | None = None
    """What its authority asked of who applied: JSON of `domain.demands.DemandsThen`; None: nothing."""

    @property
    def household_account(self) -> Owner:
        """Under which the authority knows the household: a pupil who takes over is no other household by that."""
        return self.applied_by or self.owner

    @property
    def application_id(self) -> ApplicationId:
        """As other things name it."""
        return self.id


@dataclass(frozen=True)
class TakenApplication(Application):
    """An application as it was taken in."""

    other_children: bool = False
    """The account had applied for other children of this school year before, at this authority."""


@dataclass(frozen=True)
class View:
    """All that its owner, and who helps, may see of an application."""

    application: Application
    school: School | None
    """None where the register has dropped the school since."""
    news: tuple[TimelineEntry, ...]
    documents: tuple[Document, ...] = ()
    """Oldest first; of one application alone, not in a list."""
    other_children: bool = False
    """The account has applied for other children too, of this school year and at this authority."""
    schools: Mapping[str, School] = field(default_factory=dict)
    """By number: those of all its forms, as far as the register knows them still."""
    you: PersonKind = PersonKind.OWNER
    """As whom it is seen."""

    @property
    def current_status(self) -> CurrentStatus:
        """Worked out of the news, each time that it is asked."""
        return current_status(self.news)
