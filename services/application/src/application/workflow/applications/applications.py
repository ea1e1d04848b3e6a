"""A family applies, looks, takes back."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from unicodedata import normalize
from uuid import uuid4

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, FieldProblem, Invalid, NotFound, Text
from shared.events import ApplicationWithdrawn, head
from shared.trust import Trust

from application.checks import SchoolKeys, check
from application.checks.further import PART, FurtherCheck
from application.domain.application import Application, TakenApplication, View
from application.domain.codes import is_code_account
from application.domain.demands import DemandsThen
from application.domain.ids import ApplicationId, Owner
from application.domain.people import FamilyAct, PersonKind
from application.domain.school import School
from application.domain.status import Status, current_status
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm, Readable, fingerprint
from application.workflow.applications.facts import holder_given, submitted_event
from application.workflow.applications.submission import Submission
from application.workflow.codes.codes import check_code
from application.workflow.mails.giving import keep_contact_of
from application.workflow.mails.ports import MailOffice
from application.workflow.own_forms import further_in
from application.workflow.people.access import NOT_HERE, application_for, own_application
from application.workflow.ports import Store

CORRECT_THESE = Text("Bitte berichtigen Sie die genannten Angaben.", "Please correct the fields named here.")
KEY_USED = Text(
    "Dieser Idempotency-Key gehört schon zu einem anderen Antrag. Bitte senden Sie den neuen mit einem neuen Key.",
    "This Idempotency-Key already belongs to another application. Please send a new application with a new key.",
)
TOO_LATE_TO_WITHDRAW = Text(
    "Über diesen Antrag ist schon entschieden; er kann nicht mehr zurückgenommen werden.",
    "This application has been decided; it cannot be withdrawn any more.",
)

MOST_HELPED = 100
"""Applications with which one account helps, that its list shows."""


class Applications:
    """What a family can do with applications. Everybody else gets the answer for what is not there."""

    def __init__(self, database: Transactions[Store], keys: SchoolKeys, office: MailOffice | None = None) -> None:
        self._database = database
        self._keys = keys
        self._office = office

    async def submit(
        self,
        owner: Owner,
        key: str,
        form: ApplicationForm,
        now: datetime,
        *,
        carried_from: Application | None = None,
        trust: Trust | None = None,
    ) -> TakenApplication:
        """Take an application in.

        Args:
            carried_from: that of the year before.
            trust: how surely the account's person is known.

        Raises:
            Invalid: with every field that does not fit.
            Conflict: for a key used before.
        """
        submission = Submission(owner, key, form, now, ApplicationId(uuid4()), carried_from, trust)

        def take(store: Store) -> TakenApplication:
            application = take_application(store, self._keys, submission)
            keep_contact_of(store, self._office, application, now)
            return TakenApplication(
                **vars(application), other_children=named_no_siblings_at_submission(store, application)
            )

        # One transaction and one thread for it all: a second hop would cost more than the checks do.
        return await self._database.write(take)

    async def of_key(self, owner: Owner, key: str) -> Application:
        """What this owner handed in under the request's key.

        Raises:
            NotFound.
        """
        found = await self._database.read(lambda store: store.find_by_key(owner, key))
        if found is None:
            raise NotFound(NOT_HERE)
        return found

    async def problems_of(self, readable: Readable, now: datetime) -> list[FieldProblem]:
        """For a form with errors: what else is wrong with the rest of it."""
        number = readable.school_number
        school = await self._database.read(lambda store: store.school(number)) if number else None
        return check(readable, school, self._keys, now, day_in_berlin(now))

    async def view(self, account: Owner, application_id: ApplicationId, act: FamilyAct = FamilyAct.LOOK) -> View:
        """To do this with it.

        Raises:
            NotFound: the same for "not there" and "not yours".
            Forbidden: for who helps and may not.
        """

        def query(store: Store) -> View:
            return view_of(store, *application_for(store, account, application_id, act))

        return await self._database.read(query)

    async def page(self, account: Owner, before: ApplicationId | None, limit: int) -> Sequence[View]:
        """The account's applications and those with which it helps, newest first, after `before`.

        Raises:
            NotFound: for a foreign `before`.
        """

        def query(store: Store) -> list[View]:
            start = application_for(store, account, before, FamilyAct.LOOK)[0] if before else None
            applications = store.page_of_account(account, store.helped_by(account, MOST_HELPED), start, limit)
            news = store.news_of([each.id for each in applications])
            schools = store.schools(
                {number for each in applications for number in _schools_of(each, news.get(each.id, ()))}
            )
            return [
                View(
                    each,
                    schools.get(each.school_number),
                    news.get(each.id, ()),
                    schools=schools,
                    you=PersonKind.OWNER if each.owner == account else PersonKind.HELPER,
                )
                for each in applications
            ]

        return await self._database.read(query)

    async def newest(self, owner: Owner) -> Application | None:
        """What this account handed in last; None where there is nothing."""
        found = await self._database.read(lambda store: store.page_of_account(owner, (), None, 1))
        return found[0] if found else None

    async def withdraw(self, owner: Owner, application_id: ApplicationId, now: datetime) -> View:
        """Take an application back; again changes nothing.

        Raises:
            NotFound.
            Conflict: once refused or revoked.
        """

        def write(store: Store) -> View:
            # 1. Only one's own, and only what is not settled yet.
            application = own_application(store, owner, application_id)
            news = store.news_of([application_id]).get(application_id, ())
            if any(each.kind is EntryKind.WITHDRAWN for each in news):
                return view_of(store, application)
            status = current_status(news).status
            if status.is_final and status is not Status.WITHDRAWN:
                raise Conflict(TOO_LATE_TO_WITHDRAW)
            # 2. Note it and tell it.
            store.note(application_id, TimelineEntry(EntryKind.WITHDRAWN, now))
            store.emit(
                ApplicationWithdrawn(
                    **head(application, now),
                    withdrawal_id=uuid4(),
                )
            )
            return view_of(store, application)

        return await self._database.write(write)


def take_application(store: Store, keys: SchoolKeys, submission: Submission) -> Application:
    """Write an application down and tell it, within the caller's transaction. Raises as `Applications.submit`."""
    owner, key, form = submission.owner, submission.key, submission.form
    mark = fingerprint(form)
    # 1. Check against the directory and the calendar; tell everything at once.
    school = store.school(form.school_number)
    problems = check(form, school, keys, submission.at, day_in_berlin(submission.at))
    further = further_in(store, form.model_dump(mode="json"), school, day_in_berlin(submission.at))
    if submission.carried_from is not None:
        form = form.model_copy(update={PART: dict(further.answers) or None})
    else:
        problems += further.problems
    if problems or school is None:
        # The same key again gets the same answer, whatever has become of school or calendar since.
        if known := store.find_by_key(owner, key):
            return _same(known, mark)
        raise Invalid(CORRECT_THESE, problems=problems)
    if is_code_account(owner) and submission.carried_from is None and store.find_by_key(owner, key) is None:
        check_code(store, owner, form)
    # 2. Write it down, unless the key was used before, perhaps a moment ago: then the first counts.
    application = _application(replace(submission, form=form), mark, school, further)
    if not store.add_application(application):
        return _same(store.find_by_key(owner, key) or application, mark)
    # 3. Tell it, in the same transaction.
    store.emit(submitted_event(application, form), holder_given(application, form))
    return application


def _application(submission: Submission, mark: bytes, school: School, further: FurtherCheck) -> Application:
    told = further.told()
    asked = further.demands and DemandsThen(**dict(further.demands), reached=submission.trust)
    return Application(
        id=submission.application_id,
        authority_id=school.authority.id,
        owner=submission.owner,
        idempotency_key=submission.key,
        fingerprint=mark,
        submitted_at=submission.at,
        school_number=school.number,
        school_year=submission.form.school_year,
        form=submission.form.model_dump_json(),
        applied_by=submission.carried_from.applied_by if submission.carried_from else None,
        further=told.model_dump_json() if told else None,
        demands=asked.model_dump_json() if asked else None,
    )


def _same(known: Application, mark: bytes) -> Application:
    if known.fingerprint != mark:
        raise Conflict(KEY_USED)
    return known


def view_of(store: Store, application: Application, you: PersonKind = PersonKind.OWNER) -> View:
    """All of one application, read within the caller's transaction. What else its owner has applied for, who helps does
    not learn."""
    news = store.news_of([application.id]).get(application.id, ())
    unnamed = you is PersonKind.OWNER and names_no_siblings_now(store, application)
    documents = tuple(store.documents_of([application.id]))
    schools = store.schools(_schools_of(application, news))
    return View(application, schools.get(application.school_number), news, documents, unnamed, schools, you)


def _schools_of(application: Application, news: Sequence[TimelineEntry]) -> set[str]:
    """Numbers: of the form as it is, and as it was before each change."""
    answers = (json.loads(each.detail) for each in news if each.kind is EntryKind.ANSWERED)
    before = {json.loads(each["earlier_form"])["school_number"] for each in answers if each.get("earlier_form")}
    return before | {application.school_number}


def named_no_siblings_at_submission(store: Store, application: Application) -> bool:
    """Whether it named none, although its account had applied for other children too: they may be siblings, and then
    the own share may be lower. As it was when this one was handed in, so that a receipt stays what it was."""
    form = json.loads(application.form)
    if form["siblings"]:
        return False
    others = (json.loads(each) for each in store.forms_before(application))
    return any(not _may_be_one_child(other["pupil"], form["pupil"]) for other in others)


def names_no_siblings_now(store: Store, application: Application) -> bool:
    """The same of the form and the other applications as they are now, without those that were taken back."""
    form = json.loads(application.form)
    found = [] if form["siblings"] else store.others_of_owner(application)
    others = [each for each in found if not _may_be_one_child(json.loads(each.form)["pupil"], form["pupil"])]
    if not others:
        return False
    news = store.news_of([application.id, *(each.id for each in others)])
    is_taken_back = {one: current_status(heard).status is Status.WITHDRAWN for one, heard in news.items()}
    return not is_taken_back.get(application.id) and not all(is_taken_back.get(each.id) for each in others)


def _may_be_one_child(one: dict[str, str], other: dict[str, str]) -> bool:
    """A second application for one child has no sibling, however its name is written, nor with an error in its birth
    date: enough to say nothing of siblings. Twins have two given names."""
    names = [_letters(each["first_name"] or each["last_name"]) for each in (one, other)]
    if one["birth_date"] == other["birth_date"]:
        return names[0].startswith(names[1]) or names[1].startswith(names[0])
    return names[0] == names[1] and _letters(one["last_name"]) == _letters(other["last_name"])


def _letters(name: str) -> str:
    """Without marks, signs and blanks: Jürgen, Juergen and JÜRGEN are one name."""
    written = name.casefold().translate(AS_TWO)
    return "".join(each for each in normalize("NFKD", written) if each.isalnum())


AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "å": "aa"})
