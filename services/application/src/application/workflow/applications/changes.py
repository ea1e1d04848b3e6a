"""A family answers a question, or tells that its facts have changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from shared.blank import is_blank
from shared.calendar import SchoolYear, day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, FieldProblem, Invalid, Text
from shared.events import ApplicationChanged
from shared.school_names import everyday_name

from application.checks import SchoolKeys, check
from application.domain.application import Application, View
from application.domain.ids import ApplicationId, Owner
from application.domain.people import FamilyAct, PersonKind
from application.domain.status import Status, current_status
from application.domain.timeline import EntryKind, TimelineEntry
from application.domain.under_review import next_change
from application.form import ApplicationForm, Change, changed_parts, same
from application.workflow.applications.applications import CORRECT_THESE, view_of
from application.workflow.applications.facts import holder_given, submitted_event
from application.workflow.applications.leaving import OF_THE_NEW_WAY, Departure, departure_of
from application.workflow.detail import Detail
from application.workflow.mails.giving import keep_contact_of
from application.workflow.mails.ports import MailOffice
from application.workflow.people.access import application_for
from application.workflow.ports import Store

LAID_DOWN = Text(
    "Dieser Antrag ist zurückgenommen. Bitte stellen Sie einen neuen.",
    "This application has been withdrawn. Please hand in a new one.",
)
NOTHING_SAID = Text(
    "Bitte beantworten Sie die Frage, oder geben Sie an, was sich geändert hat.",
    "Please answer the question, or say what has changed.",
)
NOTHING_SEEN = Text(
    "In Ihrem Text steht nichts, was wir lesen können. Bitte schreiben Sie in Worten, was Sie uns sagen möchten.",
    "There is nothing in your text that we can read. Please write in words what you want to tell us.",
)
NO_QUESTION = Text(
    "Diese Frage gibt es zu diesem Antrag nicht. Die offenen Fragen stehen beim Antrag.",
    "There is no such question on this application. The open ones are shown with the application.",
)
CHANGED_FROM = Text(
    "Der Tag muss im Schuljahr liegen, für das Sie den Antrag gestellt haben.",
    "The day must lie in the school year that you have applied for.",
)
CHANGED_MEANWHILE = Text(
    "Der Antrag wurde inzwischen geändert. Bitte laden Sie ihn neu und senden Sie Ihre Änderung noch einmal.",
    "The application was changed meanwhile. Please load it anew and send your change again.",
)


SENT_TWICE = timedelta(minutes=15)
"""Within which the same text is taken as sent twice by a slow line or an impatient hand, and not as written again."""


@dataclass(frozen=True)
class ChangeRequest:
    """What a family tells, and the form with and without it."""

    change: Change
    form: ApplicationForm
    form_before: str


class Changes:
    def __init__(self, database: Transactions[Store], keys: SchoolKeys, office: MailOffice | None = None) -> None:
        self._database = database
        self._keys = keys
        self._office = office

    async def form_of(self, account: Owner, application_id: ApplicationId, act: FamilyAct = FamilyAct.WRITE) -> str:
        """The form as it is now, as JSON, to do this.

        Raises:
            Forbidden.
            NotFound: the same for "not there" and "not yours".
        """
        application, _ = await self._database.read(lambda store: application_for(store, account, application_id, act))
        return application.form

    async def tell(self, account: Owner, application_id: ApplicationId, told: ChangeRequest, now: datetime) -> View:
        """Keep and tell a change; the same again changes nothing.

        Raises:
            Invalid: with every field that does not fit.
            Conflict: for an application that was withdrawn.
            Forbidden: for who helps and tells more than a text.
        """
        change = _without_blanks(told.change)
        act = FamilyAct.DECIDE if change.changes or change.changed_from else FamilyAct.WRITE

        def write(store: Store) -> View:
            # 1. Only by who may, and only while it stands.
            application, you = application_for(store, account, application_id, act, lock=True)
            news = store.news_of([application_id]).get(application_id, ())
            status = current_status(news).status
            if status is Status.WITHDRAWN:
                raise Conflict(LAID_DOWN)
            # 2. Check it as a new application would be; an answer sent twice is one.
            before = ApplicationForm.model_validate_json(application.form)
            left = departure_of(application, store.school(told.form.school_number), change, before, told.form)
            form = left.form if left else told.form
            if _told_already(change, news, now) and same(before, form):
                return view_of(store, application, you)
            if application.form != told.form_before:
                raise Conflict(CHANGED_MEANWHILE)
            self._check(store, change, (before, form), left, news, now)
            if not change.text and same(before, form):
                raise Invalid(NOTHING_SAID, field="changes")
            # 3. Write it down; what was before is kept with it.
            number = next_change(news, application.submitted_at, store.put_back_at())
            detail = _detail(change, (before, form), left, number, you)
            holder_change = detail.holder_change or holder_change_of(news)
            store.set_form(application_id, form.model_dump_json(), form.school_number)
            changed_application = application_for(store, account, application_id, act)[0]
            event = as_event(changed_application, form, detail, (uuid4(), number, holder_change), now)
            kept = detail.model_dump_json(exclude_defaults=True)
            store.note(application_id, TimelineEntry(EntryKind.ANSWERED, now, str(event.change_id), detail=kept))
            if before.guardian.email != form.guardian.email:
                keep_contact_of(store, self._office, changed_application, now)
            # 4. Tell it. The name is told where it is new, and where it may have been erased with a refusal.
            store.emit(event)
            if detail.holder_change is not None or status in (Status.REFUSED, Status.REVOKED):
                store.emit(holder_given(changed_application, form, holder_change, now))
            return view_of(store, changed_application, you)

        return await self._database.write(write)

    def _check(  # noqa: PLR0917  # all that it may contradict
        self,
        store: Store,
        change: Change,
        forms: tuple[ApplicationForm, ApplicationForm],
        left: Departure | None,
        news: tuple[TimelineEntry, ...],
        now: datetime,
    ) -> None:
        """A new school may make wrong what was right (the class, the track): that is told too. What time alone has made
        wrong of what nobody touched is not."""
        before, form = forms
        known = {(each.field, each.text) for each in self._faults(store, before, now)} if not left else set()
        problems = [
            FieldProblem(f"changes.{each.field}", each.text)
            for each in self._faults(store, form, now)
            if each.field.split(".")[0] in change.changes or (each.field, each.text) not in known
        ]
        if left is not None:
            problems = [each for each in problems if each.field.split(".")[1] not in OF_THE_NEW_WAY]
            problems += left.problems
        if change.changed_from is not None and not _in_time(change.changed_from, form, news):
            problems.append(FieldProblem("changed_from", CHANGED_FROM))
        asked = {each.reference for each in news if each.kind is EntryKind.QUESTION_ASKED}
        if change.question_id is not None and str(change.question_id) not in asked:
            problems.append(FieldProblem("question_id", NO_QUESTION))
        if problems:
            raise Invalid(CORRECT_THESE, problems=problems)

    def _faults(self, store: Store, form: ApplicationForm, now: datetime) -> list[FieldProblem]:
        return check(form, store.school(form.school_number), self._keys, now, day_in_berlin(now))


def _without_blanks(change: Change) -> Change:
    """A text that shows nothing is none.

    Raises:
        Invalid: where nothing else is told.
    """
    if not change.text or not is_blank(change.text):
        return change
    if not change.changes:
        raise Invalid(NOTHING_SEEN, field="text")
    return change.model_copy(update={"text": ""})


def _detail(
    change: Change,
    forms: tuple[ApplicationForm, ApplicationForm],
    left: Departure | None,
    number: int,
    you: PersonKind,
) -> Detail:
    before, form = forms
    parts = changed_parts(before, form)
    return Detail(
        question_id=change.question_id,
        answer=change.text,
        changed_from=change.changed_from,
        earlier_form=before.model_dump_json() if parts else None,
        changed=_told_as(parts, before, form),
        change_number=number,
        holder_change=number if "pupil" in parts else None,
        leaves_for=left.school.number if left else None,
        leaves_for_school=everyday_name(left.school.name) if left else "",
        leaves_for_authority=left.school.authority.name if left else "",
        by="" if you is PersonKind.OWNER else str(you),
    )


def _told_as(parts: tuple[str, ...], before: ApplicationForm, form: ApplicationForm) -> tuple[str, ...]:
    """Where of who applies only the e-mail address is another, that is what changed."""
    same_person = before.guardian.model_copy(update={"email": form.guardian.email}) == form.guardian
    return tuple("email" if each == "guardian" and same_person else each for each in parts)


def as_event(
    application: Application,
    form: ApplicationForm,
    detail: Detail,
    named: tuple[UUID, int, int | None],
    now: datetime,
) -> ApplicationChanged:
    """All the facts as they are now.

    Args:
        named: the change's id and number, and that of the holder's newest change.
    """
    facts = submitted_event(application, form, named[2]).model_dump(exclude={"event_id", "occurred_at"})
    return ApplicationChanged(
        **facts,
        occurred_at=now,
        change_id=named[0],
        change_number=named[1],
        applied_at=application.submitted_at,
        changed_from=detail.changed_from,
        question_id=detail.question_id,
        answer=detail.answer,
        leaves_for=detail.leaves_for,
    )


def told_again(
    application: Application, form: ApplicationForm, news: tuple[TimelineEntry, ...]
) -> Iterator[ApplicationChanged]:
    """The newest change, and before it every one with which something was written, as they were told."""
    answers = sorted((each for each in news if each.kind is EntryKind.ANSWERED), key=lambda each: each.at)
    details = [Detail.model_validate_json(each.detail) for each in answers]
    for index, (answer, detail) in enumerate(zip(answers, details, strict=True)):
        if not detail.answer and index < len(answers) - 1:
            continue
        later = (each.earlier_form for each in details[index + 1 :])
        then = next((each for each in later if each is not None), None)
        as_it_was = form if then is None else ApplicationForm.model_validate_json(then)
        named = UUID(answer.reference), detail.change_number or index + 1, holder_change_of(tuple(answers[: index + 1]))
        yield as_event(application, as_it_was, detail, named, answer.at)


def holder_change_of(news: tuple[TimelineEntry, ...]) -> int | None:
    """Number of the change with which the child's name, birth date or gender were given last; None: as handed in."""
    details = (Detail.model_validate_json(each.detail) for each in news if each.kind is EntryKind.ANSWERED)
    return max((each.holder_change for each in details if each.holder_change is not None), default=None)


def _told_already(change: Change, news: tuple[TimelineEntry, ...], now: datetime) -> bool:
    """Whether the newest answer said the same. A text says it anew once somebody has looked at the first, or after a
    while: a telephone is lost in December, and another one in March."""
    last = next((each for each in reversed(news) if each.kind is EntryKind.ANSWERED), None)
    if last is None:
        return False
    detail = Detail.model_validate_json(last.detail)
    said = detail.question_id, detail.answer, detail.changed_from
    if said != (change.question_id, change.text, change.changed_from):
        return False
    read = any(each.kind is EntryKind.MESSAGE_READ and each.reference == last.reference for each in news)
    return not change.text or (not read and now - last.at <= SENT_TWICE)


def _in_time(day: date, form: ApplicationForm, news: tuple[TimelineEntry, ...]) -> bool:
    """In the school year applied for, or in a later one into which the grant was carried on; also a day to come, for
    a move and a change of school are known weeks before."""
    year = SchoolYear.parse(form.school_year)
    details = [Detail.model_validate_json(each.detail) for each in news if each.kind is EntryKind.GRANTED]
    carried = [each.valid_until for each in details if each.carries_on is not None and each.valid_until is not None]
    last = max([year.last_day, *(each.date() if isinstance(each, datetime) else each for each in carried)])
    return year.first_day <= day <= last
