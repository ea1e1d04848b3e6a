"""Codes are made for a class and used by families; wrong ones lock out whoever types them."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from shared.database import Transactions
from shared.errors import Conflict, Invalid, NotFound, Problem, Text, Unavailable

from application.domain.acts import CodeAct
from application.domain.code_text import draw_code, group_code, read_code
from application.domain.codes import (
    ACCOUNT,
    LABEL,
    MOST_CODES,
    NO_LABEL,
    SCHOOL_CODE_USES,
    SCHOOL_CODE_VALID,
    WRONG_WITHIN,
    AccessCode,
    BatchId,
    CodeBatch,
    CodeId,
    CodeKind,
)
from application.domain.ids import ApplicationId, Owner, PersonId
from application.domain.people import Person, PersonKind
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm
from application.workflow.ports import Store

FIELD = "code"
AT_ONCE = 200
"""Rows that are deleted in one transaction."""
MOST_BATCHES = 100
"""Of one authority that its list shows."""
TYPED_WRONG = Text(
    "In diesem Code ist ein Tippfehler. Er hat 12 Zeichen, ohne 0, O, 1 und I. Bitte vergleichen Sie ihn mit dem "
    "Papier.",
    "There is a typing error in this code. It has 12 characters, without 0, O, 1 and I. Please compare it with the "
    "paper.",
)
NO_CODE = Text(
    "Dieser Code gilt nicht, oder nicht mehr. Einen neuen bekommen Sie von der Schule oder vom Schulträger; Sie können "
    "sich auch mit einem Konto anmelden.",
    "This code does not count, or not any more. You get a new one from the school or the school authority; you can "
    "also sign in with an account.",
)
LOCKED_OUT = Text(
    "Von hier wurden zu viele falsche Codes eingegeben. Bitte warten Sie 15 Minuten. So lange geht es mit einem Konto, "
    "oder rufen Sie Ihren Schulträger an.",
    "Too many wrong codes were entered from here. Please wait for 15 minutes. Until then an account works, or call "
    "your school authority.",
)
NOT_SET_UP = Text(
    "Codes sind hier nicht eingerichtet. Bitte melden Sie sich mit einem Konto an, oder fragen Sie Ihren Schulträger.",
    "Codes are not set up here. Please sign in with an account, or ask your school authority.",
)
NO_BATCH = Text("Diese Codes gibt es hier nicht.", "There are no such codes here.")
OTHER_AUTHORITY = Text(
    "Diese Schule gehört nicht zu Ihrem Schulträger.", "This school does not belong to your school authority."
)
OTHER_SCHOOL = Text(
    "Ihr Code gilt nur für die Schule, die ihn ausgegeben hat. Bitte wählen Sie diese Schule, oder melden Sie sich mit "
    "einem Konto an.",
    "Your code counts only for the school that handed it out. Please choose that school, or sign in with an account.",
)
ONE_CHILD = Text(
    "Mit diesem Code ist schon ein Antrag gestellt. Für ein weiteres Kind fragen Sie bitte die Schule nach einem Code.",
    "An application has been sent with this code already. For another child please ask the school for a code.",
)
HOW_MANY = Text(f"Bitte eine Zahl von 1 bis {MOST_CODES}.", f"Please a number from 1 to {MOST_CODES}.")


class CodesLocked(Problem):
    """Too many wrong codes."""

    status = 429
    kind = "too-many-requests"
    title = Text("Das waren zu viele falsche Codes.", "These were too many wrong codes.")

    def __init__(self, seconds: int, text: Text = LOCKED_OUT) -> None:
        super().__init__(text)
        self.retry_after = seconds


@dataclass(frozen=True)
class OpenedCode:
    """What a code has opened."""

    account: Owner = field(repr=False)
    school_number: str | None = None
    """Where an application is begun."""
    application_id: ApplicationId | None = None


@dataclass(frozen=True)
class ClassOrder:
    """Codes for one class."""

    school_number: str
    label: str
    count: int


@dataclass(frozen=True)
class NewCodes:
    """Made a moment ago; nobody can tell the codes again."""

    batch_id: BatchId
    school_name: str
    label: str
    codes: Sequence[str] = field(repr=False)
    """Grouped, as they are printed."""
    expires_at: datetime


class Codes:
    """`key`: of the digests; None: codes are not set up."""

    def __init__(self, database: Transactions[Store], key: bytes | None) -> None:
        self._database, self._key = database, key

    @property
    def are_set_up(self) -> bool:
        """Whether codes can be used here."""
        return self._key is not None

    # families

    async def use(self, typed: str, client: str, now: datetime) -> OpenedCode:
        """1. A typing error is told from a wrong code by arithmetic alone, and is no try. 2. Who is locked out hears
        nothing of any code. 3. The code; of one that does not count, whyever, one more wrong try. 4. It is used.

        Args:
            client: who types: an address, or a browser that has used a code before.

        Raises:
            Invalid, CodesLocked, Unavailable.
            NotFound: the same and with the same work for no code, and for one that is over, used up or revoked.
        """
        # 1.
        code = read_code(typed)
        if code is None:
            raise Invalid(TYPED_WRONG, field=FIELD)
        digest, who = self.digest_of(code), self._digest("client", client)

        def write(store: Store) -> OpenedCode | Problem:
            # 2.
            tries = store.take_tries(who, now)
            if tries.is_locked(now) and tries.locked_until is not None:
                return CodesLocked(max(1, round((tries.locked_until - now).total_seconds())))
            # 3.
            found = store.find_code(digest)
            if found is None or not found.opens(now):
                after = tries.after_wrong(now)
                store.set_tries(who, after, now)
                return CodesLocked(int((after.locked_until - now).total_seconds())) if after.locked_until else NO_SUCH
            # 4.
            return _use(store, found, now)

        opened = await self._database.write(write, wake=False)
        if isinstance(opened, Problem):
            raise NotFound(NO_CODE, field=FIELD) if opened is NO_SUCH else opened
        return opened

    async def school_of(self, account: Owner) -> str | None:
        """Number of the school whose code this session has used; None: of a letter."""
        found = await self._database.read(lambda store: store.code_of_account(account))
        return found.school_number if found else None

    def browser_mark(self) -> str:
        """For the cookie of a browser that has used a right code: it is counted by itself from then on, so that others
        behind the same address cannot lock it out."""
        name = secrets.token_urlsafe(16)
        return f"{name}.{self._digest('browser', name).hex()[:32]}"

    def client_of(self, mark: str, address: str) -> str:
        """By which wrong tries are counted."""
        name, _, told = mark.partition(".")
        right = self._digest("browser", name).hex()[:32]
        is_ours = bool(name) and hmac.compare_digest(told.encode("utf-8", "surrogatepass"), right.encode())
        return f"browser {name}" if is_ours else f"address {address}"

    # staff

    async def make(self, authority_id: str, order: ClassOrder, by: str, now: datetime) -> NewCodes:
        """Codes of a class of this authority's school.

        Raises:
            Invalid, Unavailable.
        """
        if not 1 <= order.count <= MOST_CODES:
            raise Invalid(HOW_MANY, field="count")
        if not LABEL.fullmatch(order.label):
            raise Invalid(NO_LABEL, field="label")
        batch, expires = BatchId(uuid4()), now + SCHOOL_CODE_VALID
        drawn = [draw_code(secrets.randbelow) for _ in range(order.count)]
        rows = [
            AccessCode(
                CodeId(uuid4()), batch, CodeKind.SCHOOL, self.digest_of(each), new_account(), authority_id, now,
                expires, SCHOOL_CODE_USES, order.school_number, order.label,
            )
            for each in drawn
        ]  # fmt: skip

        def write(store: Store) -> str:
            school = store.school(order.school_number)
            if school is None or school.authority.id != authority_id:
                raise Invalid(OTHER_AUTHORITY, field="school_number")
            store.add_codes(rows)
            store.note_code_act(authority_id, by, CodeAct.MADE, str(batch), now, {"count": str(order.count)})
            return school.name

        name = await self._database.write(write, wake=False)
        return NewCodes(batch, name, order.label, [group_code(each) for each in drawn], expires)

    async def batches(self, authority_id: str) -> Sequence[CodeBatch]:
        """Newest first."""
        return await self._database.read(lambda store: store.batches_of(authority_id, MOST_BATCHES))

    async def revoke(self, authority_id: str, batch_id: BatchId, by: str, now: datetime) -> None:
        """None of these codes opens anything from now on; what was begun with them stays.

        Raises:
            NotFound.
        """

        def write(store: Store) -> None:
            if not store.revoke_batch(authority_id, batch_id, now):
                raise NotFound(NO_BATCH)
            store.note_code_act(authority_id, by, CodeAct.REVOKED, str(batch_id), now, {})

        await self._database.write(write, wake=False)

    async def forget(self, now: datetime) -> int:
        """Delete what is over. Returns how many rows: none are left once that is 0."""

        def write(store: Store) -> int:
            store.drop_old_tries(now - WRONG_WITHIN)
            return store.drop_old_codes(now, AT_ONCE)

        return await self._database.write(write, wake=False)

    def digest_of(self, code: str) -> bytes:
        """Of no use to whoever reads the table without the key.

        Raises:
            Unavailable: without one.
        """
        return self._digest("code", code)

    def _digest(self, what: str, text: str) -> bytes:
        if self._key is None:
            raise Unavailable(NOT_SET_UP)
        return hmac.digest(self._key, f"{what} {text}".encode("utf-8", "surrogatepass"), hashlib.sha256)


NO_SUCH = NotFound(NO_CODE)


def new_account() -> Owner:
    """Of a code: nobody can name it, and no identity provider has it."""
    return Owner(f"{ACCOUNT}{secrets.token_urlsafe(24)}")


def check_code(store: Store, account: Owner, form: ApplicationForm) -> None:
    """Before an application is taken in that somebody without an account sends.

    Raises:
        Conflict: for another school, or a second child.
    """
    code = store.code_of_account(account, lock=True)
    if code is None or code.kind is not CodeKind.SCHOOL or code.school_number != form.school_number:
        raise Conflict(OTHER_SCHOOL, field="school_number")
    if store.page_of_account(account, (), None, 1):
        raise Conflict(ONE_CHILD)


def _use(store: Store, code: AccessCode, now: datetime) -> OpenedCode | Problem:
    # the application before its code, as an erasure has them
    application = None if code.application_id is None else store.find_application(code.application_id, lock=True)
    if not store.use_code(code.id, now):
        return NO_SUCH
    if application is None:
        return OpenedCode(code.account, code.school_number) if code.application_id is None else NO_SUCH
    for each in store.people_of(application.id):
        if each.kind is PersonKind.LETTER:
            store.end_person(each.id, now)
    guardian = ApplicationForm.model_validate_json(application.form).guardian
    name = f"{guardian.first_name} {guardian.last_name}".strip()
    person = Person(PersonId(uuid4()), application.id, PersonKind.LETTER, code.account, name, now)
    store.add_person(person)
    store.note(application.id, TimelineEntry(EntryKind.LETTER_USED, now, str(person.id)))
    return OpenedCode(code.account, application_id=application.id)
