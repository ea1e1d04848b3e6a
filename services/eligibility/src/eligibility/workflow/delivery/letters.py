"""Letters: a queue that people of the authority print, give to the post, and take back where one is returned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import uuid4

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import Conflict, Invalid, NotFound, Text
from shared.events import AuthorityId
from shared.identity import Caller

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case
from eligibility.domain.desk import Delivery, Question
from eligibility.domain.dispatch import Dispatch, DispatchId, DispatchState
from eligibility.domain.ids import QuestionId
from eligibility.domain.letters import letters_to
from eligibility.domain.recipients import APPLICANT
from eligibility.notice.address import full_name
from eligibility.notice.content import lines_of_address
from eligibility.notice.holidays import next_working_day
from eligibility.notice.notice import Notice
from eligibility.workflow.access import own_authority
from eligibility.workflow.decision.questions import question_asked
from eligibility.workflow.delivery.ports import DeliverySteps
from eligibility.workflow.delivery.steps import NoticeOnItsWay, What, begin, move, notice_of
from eligibility.workflow.desk.handling import WORKERS

SHOWN = 200
MOST_AT_ONCE = 100
ANSWER_WITHIN = timedelta(days=14)
NO_LETTER = Text("Diesen Brief gibt es nicht.", "There is no such letter.")
NONE_CHOSEN = Text("Bitte wählen Sie mindestens einen Brief aus.", "Please choose at least one letter.")
TOO_MANY = Text(
    f"Bitte wählen Sie höchstens {MOST_AT_ONCE} Briefe auf einmal.",
    f"Please choose {MOST_AT_ONCE} letters at most at once.",
)
DAY = Text(
    "Der Tag der Aufgabe zur Post muss zwischen dem Tag, an dem der Brief in die Druckliste kam, und heute liegen.",
    "The day on which it was given to the post must lie between the day on which the letter came into the print list "
    "and today.",
)
NOT_PRINTED = Text(
    "Einer der Briefe ist nicht gedruckt oder schon aufgegeben. Bitte laden Sie die Seite neu.",
    "One of the letters is not printed, or was given to the post already. Please load the page again.",
)
WHERE_TO = Text(
    "Ein Brief mit Ihrem Bescheid kam von der Post zurück. Bitte nennen Sie uns Ihre Postanschrift, so wie sie an "
    "Ihrem Briefkasten steht. Ändern Sie dazu die Anschrift in Ihren Angaben, oder schreiben Sie sie in Ihre Antwort.",
    "A letter with your notice came back from the post. Please tell us your postal address, as it stands on your "
    "letter box. Change the address in your details, or write it in your answer.",
)


@dataclass(frozen=True)
class Letter:
    """A dispatch by post, with what its list shows."""

    dispatch: Dispatch
    case: Case
    authority_name: str
    title: str
    addressee: tuple[str, ...]
    """Name and address, as they stand in the window."""
    written_at: datetime
    is_address_changed: bool = False
    """Of one that came back: whether the family has told another address since."""
    has_ended: bool = False
    """Whether its decision counts no more: replaced, set aside, or the application withdrawn."""


@dataclass(frozen=True)
class LetterList:
    """An authority's letters by state: at most `SHOWN` of each; `counts` says how many there are."""

    queued: Sequence[Letter]
    printed: Sequence[Letter]
    returned: Sequence[Letter]
    posted: Sequence[Letter]
    """The newest first."""
    counts: Mapping[DispatchState, int]


class LetterStore(DeliverySteps, Protocol):
    """The store, as letters are printed, posted and taken back in it."""

    def ask(self, question: Question) -> None:
        """Keep a new question, not answered yet."""

    def letters(self, authority_id: AuthorityId, state: DispatchState, limit: int) -> Sequence[Dispatch]:
        """An authority's letters in one state, the oldest first."""

    def posted_letters(self, authority_id: AuthorityId, limit: int) -> Sequence[Dispatch]:
        """Those that were given to the post, the newest first."""

    def count_letters(self, authority_id: AuthorityId) -> dict[DispatchState, int]:
        """By state, how many letters an authority has."""

    def notice_content(self, dispatch: Dispatch) -> tuple[Notice, datetime]:
        """What the notice of a dispatch says, and when it was written."""


class LetterDesk:
    """The own authority's letters. Each step is on record."""

    def __init__(self, transactions: Transactions[LetterStore], now: Callable[[], datetime]) -> None:
        self._transactions = transactions
        self._now = now

    async def all(self, caller: Caller) -> LetterList:
        """What is to be printed, posted, or has come back."""
        authority_id = own_authority(caller, *WORKERS)

        def query(store: LetterStore) -> LetterList:
            def of(state: DispatchState) -> list[Letter]:
                return [letter_of(store, each) for each in store.letters(authority_id, state, SHOWN)]

            returned = [each for each in of("returned") if not _is_sent_again(store, each.dispatch)]
            posted = [letter_of(store, each) for each in store.posted_letters(authority_id, SHOWN)]
            return LetterList(of("queued"), of("printed"), returned, posted, store.count_letters(authority_id))

        return await self._transactions.read(query)

    async def chosen(self, caller: Caller, ids: Sequence[DispatchId]) -> Sequence[Letter]:
        """These letters, to be set; nothing changes by that.

        Raises:
            Invalid: for none, or too many.
            NotFound: for another authority's.
        """
        authority_id = own_authority(caller, *WORKERS)
        _check_count(ids)

        def query(store: LetterStore) -> Sequence[Letter]:
            return [letter_of(store, _own(store, each, authority_id)) for each in ids]

        return await self._transactions.read(query)

    async def note_printed(self, caller: Caller, ids: Sequence[DispatchId]) -> None:
        """They are set, and are to be printed now. Again: printed once more.

        Raises:
            Conflict: for a letter that is posted already, or overtaken.
        """

        def step(store: LetterStore, dispatch: Dispatch, notice: NoticeOnItsWay, now: datetime) -> None:
            move(store, notice, dispatch, "printed", What(now, now, caller.subject))

        await self._each(caller, ids, ("queued", "printed"), step)

    async def note_posted(self, caller: Caller, ids: Sequence[DispatchId], day: date) -> None:
        """They were given to the post on that day: from it the day of notification follows (§ 41 Abs. 2 VwVfG NRW).

        Raises:
            Invalid: for a day that cannot be.
            Conflict: for a letter that is not printed, or posted already.
        """

        def step(store: LetterStore, dispatch: Dispatch, notice: NoticeOnItsWay, now: datetime) -> None:
            # a second letter, or one after a portal that nobody opened, begins later than its notice
            if not day_in_berlin(dispatch.begun_at) <= day <= day_in_berlin(now):
                raise Invalid(DAY, field="day")
            posted = Delivery("post", day, now, caller.subject, recipient=dispatch.recipient)
            store.note_delivery(dispatch.token, posted)
            what = What(now, now, caller.subject, day=day)
            move(store, notice, dispatch, "posted", what)
            _audit(store, notice, ActKind.NOTICE_DELIVERED, what)

        await self._each(caller, ids, ("printed",), step)

    async def note_returned(self, caller: Caller, dispatch_id: DispatchId) -> None:
        """It came back: it counts as notification no more (§ 41 Abs. 2 Satz 3 VwVfG NRW), and the family is asked where
        letters reach it.

        Raises:
            Conflict: for a letter that was not posted.
        """

        def step(store: LetterStore, dispatch: Dispatch, notice: NoticeOnItsWay, now: datetime) -> None:
            for each in store.deliveries_of(dispatch.token):
                if (each.channel, each.recipient, each.day) == ("post", dispatch.recipient, dispatch.day):
                    store.fail_delivery(dispatch.token, each, now)
            what = What(now, now, caller.subject)
            move(store, notice, dispatch, "returned", what)
            _audit(store, notice, ActKind.LETTER_RETURNED, what)
            if dispatch.recipient == APPLICANT:
                _ask_address(store, notice.case, caller.subject, now)

        await self._each(caller, [dispatch_id], ("posted",), step)

    async def send_again(self, caller: Caller, dispatch_id: DispatchId) -> None:
        """Another letter in place of one that came back, to the address that is known now.

        Raises:
            Conflict: where that is on its way already.
        """

        def step(store: LetterStore, dispatch: Dispatch, notice: NoticeOnItsWay, now: datetime) -> None:
            if _is_sent_again(store, dispatch):
                raise Conflict(NOT_PRINTED, field="letter")
            begin(store, notice, dispatch.recipient, What(now, now, caller.subject), has_mailbox=False)

        await self._each(caller, [dispatch_id], ("returned",), step)

    async def _each(
        self, caller: Caller, ids: Sequence[DispatchId], states: tuple[DispatchState, ...], act: "LetterStep"
    ) -> None:
        """All in one transaction: a batch is posted whole, or not at all."""
        authority_id, now = own_authority(caller, *WORKERS), self._now()
        _check_count(ids)

        def step(store: LetterStore) -> None:
            for each in dict.fromkeys(ids):
                dispatch = _own(store, each, authority_id)
                if dispatch.state not in states:
                    raise Conflict(NOT_PRINTED, field="letter")
                act(store, dispatch, notice_of(store, dispatch), now)

        await self._transactions.write(step)


class LetterStep(Protocol):
    """What is done to one letter."""

    def __call__(self, store: LetterStore, dispatch: Dispatch, notice: NoticeOnItsWay, now: datetime, /) -> None:
        """In the transaction of the batch."""


def letter_of(store: LetterStore, dispatch: Dispatch) -> Letter:
    """A letter with what is known of it."""
    notice, (content, written_at) = notice_of(store, dispatch), store.notice_content(dispatch)
    case, day = notice.case, day_in_berlin(dispatch.begun_at)
    addressee = window_of(case, dispatch.recipient, content, day if dispatch.number > 1 else None)
    now_known = window_of(case, dispatch.recipient, content, date.max)
    is_changed = dispatch.state == "returned" and now_known != addressee
    has_ended = notice.decision.withdrawn_at is not None
    return Letter(dispatch, case, notice.authority.name, content["title"], addressee, written_at, is_changed, has_ended)


def window_of(case: Case, recipient: int, content: Notice, day: date | None) -> tuple[str, ...]:
    """Name and address of this addressee, as letters of that day go there.

    Args:
        day: None: as the notice itself says.
    """
    submission = case.submission
    if recipient != APPLICANT and (other := submission.get("second_guardian")) is not None:
        address = other.get("address") or letters_to(submission, day or date.max)
        return tuple(lines_of_address(full_name(other["name"]), address))
    if day is None or "addressee" not in submission:
        return tuple(content["addressee"])
    return tuple(lines_of_address(full_name(submission["addressee"]), letters_to(submission, day)))


def _is_sent_again(store: LetterStore, dispatch: Dispatch) -> bool:
    others = store.dispatches_of(dispatch.token)
    return any(each.recipient == dispatch.recipient and each.number > dispatch.number for each in others)


def _own(store: LetterStore, dispatch_id: DispatchId, authority_id: AuthorityId) -> Dispatch:
    found = store.dispatch(dispatch_id)
    if found is None or found.authority_id != authority_id or found.way != "post":
        raise NotFound(NO_LETTER)
    return found


def _check_count(ids: Sequence[DispatchId]) -> None:
    if not ids:
        raise Invalid(NONE_CHOSEN, field="letters")
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(TOO_MANY, field="letters")


def _ask_address(store: LetterStore, case: Case, by: str, now: datetime) -> None:
    due = next_working_day(day_in_berlin(now) + ANSWER_WITHIN)
    question = Question(QuestionId(uuid4()), case.id, now, by, WHERE_TO.de, WHERE_TO.en, due)
    store.ask(question)
    store.emit(question_asked(case, question))


def _audit(store: DeliverySteps, notice: NoticeOnItsWay, act: ActKind, what: What) -> None:
    detail = {"channel": "post", **({"day": what.day.isoformat()} if what.day is not None else {})}
    store.audit(authority_id=notice.case.authority_id, subject=what.by, act=act, case_id=notice.case.id, now=what.now,
                detail=detail)  # fmt: skip
