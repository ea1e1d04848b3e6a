"""A family answers a question, or tells that its facts have changed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from shared.calendar import SchoolYear, day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, FieldProblem, Invalid, NotFound, Text
from shared.events import ApplicationChanged

from application.checks import SchoolKeys, check
from application.domain.application import Application, View
from application.domain.ids import ApplicationId, Owner
from application.domain.status import Status, standing
from application.domain.timeline import News, NewsKind
from application.form import ApplicationForm, Change, same
from application.workflow.applications.applications import CORRECT_THESE, NOT_HERE
from application.workflow.applications.facts import holder_given, submitted
from application.workflow.ports import Store
from application.workflow.timeline import Detail

LAID_DOWN = Text(
    "Dieser Antrag ist zurückgenommen. Bitte stellen Sie einen neuen.",
    "This application has been withdrawn. Please hand in a new one.",
)
NOTHING_SAID = Text(
    "Bitte beantworten Sie die Frage, oder geben Sie an, was sich geändert hat.",
    "Please answer the question, or say what has changed.",
)
NO_QUESTION = Text(
    "Diese Frage gibt es zu diesem Antrag nicht. Die offenen Fragen stehen beim Antrag.",
    "There is no such question on this application. The open ones are shown with the application.",
)
OTHER_AUTHORITY = Text(
    "Diese Schule hat einen anderen Träger. Bitte stellen Sie dort einen neuen Antrag und nehmen Sie diesen zurück.",
    "Another authority bears this school. Please apply there anew, and withdraw this application.",
)
CHANGED_FROM = Text(
    "Der Tag muss im Schuljahr liegen und darf nicht nach heute liegen. Bitte melden Sie es, sobald es gilt.",
    "The day must lie in the school year and not after today. Please tell of the change once it has happened.",
)

CHANGED_MEANWHILE = Text(
    "Der Antrag wurde inzwischen geändert. Bitte laden Sie ihn neu und senden Sie Ihre Änderung noch einmal.",
    "The application was changed meanwhile. Please load it anew and send your change again.",
)


@dataclass(frozen=True)
class Told:
    """What a family tells, and the form with and without it."""

    change: Change
    form: ApplicationForm
    form_before: str


class Changes:
    def __init__(self, database: Transactions[Store], keys: SchoolKeys) -> None:
        self._database = database
        self._keys = keys

    async def form_of(self, owner: Owner, application_id: ApplicationId) -> str:
        """The form as it is now, as JSON. Raises NotFound, the same for "not there" and "not yours"."""
        return (await self._database.read(lambda store: _owned(store, owner, application_id))).form

    async def tell(self, owner: Owner, application_id: ApplicationId, told: Told, now: datetime) -> View:
        """Keep and tell a change; the same again changes nothing.

        Raises Invalid with every field that does not fit, Conflict for an application that was withdrawn.
        """

        change, form = told.change, told.form

        def write(store: Store) -> View:
            # 1. Only one's own, and only while it stands.
            application = _owned(store, owner, application_id, lock=True)
            news = store.news_of([application_id]).get(application_id, ())
            status = standing(news).status
            if status is Status.WITHDRAWN:
                raise Conflict(LAID_DOWN)
            # 2. Check it as a new application would be; an answer sent twice is one.
            before = ApplicationForm.model_validate_json(application.form)
            if _told_already(change, news) and same(before, form):
                return View(application, store.school(application.school_number), news)
            if application.form != told.form_before:
                raise Conflict(CHANGED_MEANWHILE)
            self._check(store, application, change, form, news, now)
            if not change.text and same(before, form):
                raise Invalid(NOTHING_SAID, field="changes")
            # 3. Write it down; what was before is kept with it.
            number = 1 + sum(each.kind is NewsKind.ANSWERED for each in news)
            event = as_event(application, change, form, (uuid4(), number), now)
            detail = Detail(
                question_id=change.question_id,
                answer=change.text,
                changed_from=change.changed_from,
                earlier_form=None if same(before, form) else application.form,
            )
            store.set_form(application_id, form.model_dump_json(), form.school_number)
            kept = detail.model_dump_json(exclude_defaults=True)
            store.note(application_id, News(NewsKind.ANSWERED, now, str(event.change_id), detail=kept))
            # 4. Tell it; where the name may have been erased with a refusal, tell that again too.
            store.emit(event)
            changed_application = _owned(store, owner, application_id)
            if status in (Status.REFUSED, Status.REVOKED):
                store.emit(holder_given(changed_application, form))
            heard = store.news_of([application_id]).get(application_id, ())
            return View(changed_application, store.school(form.school_number), heard)

        return await self._database.write(write)

    def _check(  # noqa: PLR0917  # all that it may contradict
        self,
        store: Store,
        application: Application,
        change: Change,
        form: ApplicationForm,
        news: tuple[News, ...],
        now: datetime,
    ) -> None:
        today = day_in_berlin(now)
        school = store.school(form.school_number)
        problems = [
            FieldProblem(f"changes.{each.field}", each.text)
            for each in check(form, school, self._keys, now, today)
            if each.field.split(".")[0] in change.changes
        ]
        if school is not None and school.authority.id != application.authority_id:
            problems.append(FieldProblem("changes.school_number", OTHER_AUTHORITY))
        if change.changed_from is not None and not _in_time(change.changed_from, form, news, today):
            problems.append(FieldProblem("changed_from", CHANGED_FROM))
        asked = {each.reference for each in news if each.kind is NewsKind.QUESTION_ASKED}
        if change.question_id is not None and str(change.question_id) not in asked:
            problems.append(FieldProblem("question_id", NO_QUESTION))
        if problems:
            raise Invalid(CORRECT_THESE, problems=problems)


def as_event(
    application: Application, change: Change, form: ApplicationForm, named: tuple[UUID, int], now: datetime
) -> ApplicationChanged:
    """All the facts as they are now. `named`: the change's id and number."""
    facts = submitted(application, form).model_dump(exclude={"event_id", "occurred_at"})
    return ApplicationChanged(
        **facts,
        occurred_at=now,
        change_id=named[0],
        change_number=named[1],
        applied_at=application.submitted_at,
        changed_from=change.changed_from,
        question_id=change.question_id,
        answer=change.text,
    )


def told_again(application: Application, form: ApplicationForm, news: tuple[News, ...]) -> ApplicationChanged | None:
    """The newest change, as it was told; None where nothing was changed."""
    answers = sorted((each for each in news if each.kind is NewsKind.ANSWERED), key=lambda each: each.at)
    if not answers:
        return None
    detail = Detail.model_validate_json(answers[-1].detail)
    change = Change(question_id=detail.question_id, text=detail.answer, changed_from=detail.changed_from)
    named = UUID(answers[-1].reference), len(answers)
    return as_event(application, change, form, named, answers[-1].at)


def _told_already(change: Change, news: tuple[News, ...]) -> bool:
    """Whether the newest answer said the same."""
    last = next((each for each in reversed(news) if each.kind is NewsKind.ANSWERED), None)
    if last is None:
        return False
    detail = Detail.model_validate_json(last.detail)
    said = detail.question_id, detail.answer, detail.changed_from
    return said == (change.question_id, change.text, change.changed_from)


def _in_time(day: date, form: ApplicationForm, news: tuple[News, ...], today: date) -> bool:
    """In the school year applied for, or in a later one into which the grant was carried on."""
    year = SchoolYear.parse(form.school_year)
    details = [Detail.model_validate_json(each.detail) for each in news if each.kind is NewsKind.GRANTED]
    carried = [each.valid_until for each in details if each.carries_on is not None and each.valid_until is not None]
    last = max([year.last_day, *(each.date() if isinstance(each, datetime) else each for each in carried)])
    return year.first_day <= day <= min(last, today)


def _owned(store: Store, owner: Owner, application_id: ApplicationId, *, lock: bool = False) -> Application:
    application = store.find_application(application_id, lock=lock)
    if application is None or application.owner != owner:
        raise NotFound(NOT_HERE)
    return application
