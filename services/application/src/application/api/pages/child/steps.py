"""What happens next, and by when: the sentence below how an application stands. Pure."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Text

from application.api.applications.answers import ApplicationAnswer
from application.domain.status import Status

MONTHS_UNTIL_COURT = 3
"""§ 75 VwGO: before that nobody can sue because nothing was decided."""


@dataclass(frozen=True)
class NextStep:
    """`by`: a day that the family should know; None: there is none. `label`: what the day is, where it is shown in the
    list. `waits_for_family`: it is the family's turn."""

    text: Text
    by: date | None = None
    label: Text | None = None
    waits_for_family: bool = False


def next_step(answer: ApplicationAnswer) -> NextStep:
    """Of an application as it stands: first what waits for the family."""
    waiting = [each.due for each in answer.questions if not each.answered]
    if waiting and answer.status is not Status.WITHDRAWN and not _is_over(answer):
        return NextStep(ANSWER, min(waiting), ANSWER_BY, waits_for_family=True)
    if answer.status in (Status.SUBMITTED, Status.IN_REVIEW):
        return NextStep(DECIDES, months_after(answer.submitted_at.date(), MONTHS_UNTIL_COURT))
    if answer.status in (Status.GRANTED, Status.TICKET_ISSUED):
        begins = answer.decision.ticket_from or answer.decision.valid_from if answer.decision else None
        return NextStep(TICKET_COMES, begins, VALID_FROM)
    if answer.status is Status.PASS_READY:
        return NextStep(RIDES, last_day(answer), VALID_UNTIL)
    if answer.status is Status.SUSPENDED:
        return NextStep(WAITS_FOR_AUTHORITY)
    if answer.status is Status.REFUSED:
        offer = answer.decision.offer if answer.decision and answer.links.self_payer else None
        return NextStep(REFUSED_WITH_OFFER, offer.valid_until, OFFERED_UNTIL) if offer else NextStep(REFUSED)
    return NextStep(OVER)


def last_day(answer: ApplicationAnswer) -> date | None:
    """Until when the ticket holds."""
    holds = answer.still_in_force or answer.order or answer.decision
    return (holds.ended_on or holds.valid_until) if holds else None


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _is_over(answer: ApplicationAnswer) -> bool:
    """Decided on what there was: a question from before waits no more."""
    decided = answer.decision.decided_at if answer.decision else None
    open_ones = [each for each in answer.questions if not each.answered]
    return decided is not None and all(each.asked_at <= decided for each in open_ones)


ANSWER = Text("Bitte antworten Sie auf die Frage unten, bis zum", "Please answer the question below, by")
DECIDES = Text(
    "Der Schulträger prüft und entscheidet; der Bescheid steht dann hier. Sie brauchen nichts zu tun. Hören Sie "
    "nichts, können Sie jederzeit nachfragen. Vor Gericht gehen kann man, wenn ohne Grund nichts entschieden ist, ab "
    "dem",
    "The school authority checks and decides; the notice is shown here then. There is nothing for you to do. If you "
    "hear nothing, you can ask at any time. If nothing is decided without a reason, you can go to court from",
)
TICKET_COMES = Text(
    "Das Ticket wird gerade ausgestellt, meist in wenigen Minuten. Es gilt ab dem",
    "The ticket is being made, mostly within a few minutes. It is good from",
)
RIDES = Text("Es gilt bis zum", "It is good until")
WAITS_FOR_AUTHORITY = Text(
    "Der Schulträger klärt etwas. Gibt er das Ticket wieder frei, gilt es wie vorher.",
    "The school authority is settling something. When it releases the ticket, it is good as before.",
)
REFUSED = Text(
    "Sind Sie nicht einverstanden? Bitten Sie um eine neue Prüfung. Bis wann Sie klagen können, steht im Bescheid.",
    "Do you disagree? Ask for it to be checked again. Until when you can go to court is said in the notice.",
)
REFUSED_WITH_OFFER = Text(
    "Sie können auch um eine neue Prüfung bitten. Das Angebot, das Ticket selbst zu bezahlen, gilt bis zum",
    "You can also ask for it to be checked again. The offer to pay for the ticket yourself holds until",
)
OVER = Text("Hier ist nichts mehr zu tun.", "There is nothing more to do here.")
ANSWER_BY = Text("Antworten bis", "Answer by")
VALID_FROM = Text("Gilt ab", "Valid from")
VALID_UNTIL = Text("Gilt bis", "Valid until")
OFFERED_UNTIL = Text("Das Angebot gilt bis", "The offer holds until")
