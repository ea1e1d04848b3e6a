"""What an account hands in."""

from dataclasses import dataclass
from datetime import datetime

from shared.trust import Trust

from application.domain.application import Application
from application.domain.ids import ApplicationId, Owner
from application.form import ApplicationForm


@dataclass(frozen=True)
class Submission:
    """What an account hands in, under the key of its request, and the id that it gets."""

    owner: Owner
    key: str
    form: ApplicationForm
    at: datetime
    application_id: ApplicationId
    carried_from: Application | None = None
    """That of the year before, from which it is taken along: of the authority's own questions nothing is missing then,
    and answers that do not fit any more are left out. The household stays what it was."""
    trust: Trust | None = None
    """How surely the account's person is known; None: nobody says it."""
