"""A code by which a ticket comes onto a child's phone: typed there once, without an account."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.database import Transactions
from shared.errors import Conflict, Invalid, NotFound, Problem, Text, Unavailable

from application.domain.code_text import PICK_UP_LENGTH, draw_code, group_code, read_code
from application.domain.codes import PICK_UP_VALID
from application.domain.ids import ApplicationId, Owner
from application.domain.pass_links import is_astray, pass_page
from application.domain.status import current_status
from application.workflow.applications.pass_links import NO_LINK_TO_CHANGE
from application.workflow.codes.codes import FIELD, NOT_SET_UP, CodesLocked
from application.workflow.people.access import own_application
from application.workflow.ports import Store

AT_ONCE = 200
TYPED_WRONG = Text(
    "In diesem Code ist ein Tippfehler. Er hat 10 Zeichen, ohne 0, O, 1 und I.",
    "There is a typing error in this code. It has 10 characters, without 0, O, 1 and I.",
)
NO_TICKET_TO_PICK_UP = Text(
    "Dieser Code gilt nicht, oder nicht mehr. Lass dir bitte einen neuen geben: Er gilt einen Tag und nur einmal.",
    "This code does not count, or not any more. Please get a new one: it is good for one day, and once.",
)
LOCKED_OUT = Text(
    "Von hier wurden zu viele falsche Codes eingegeben. Bitte warte 15 Minuten.",
    "Too many wrong codes were entered from here. Please wait for 15 minutes.",
)
NO_SUCH = NotFound(NO_TICKET_TO_PICK_UP)


@dataclass(frozen=True)
class PickUpCode:
    """As it was just made; nobody can tell the code again."""

    code: str = field(repr=False)
    """Grouped, as it is typed."""
    expires_at: datetime


class PickUps:
    """`key`: of the digests; None: codes are not set up."""

    def __init__(self, database: Transactions[Store], key: bytes | None) -> None:
        self._database, self._key = database, key

    @property
    def are_set_up(self) -> bool:
        """Whether codes can be made and used here."""
        return self._key is not None

    async def make(self, owner: Owner, application_id: ApplicationId, ticket: UUID, now: datetime) -> PickUpCode:
        """A code for the ticket that the family holds now. An earlier one of this application does not count any more.

        Raises:
            NotFound, Unavailable.
            Conflict: where the ticket has no page now.
        """
        code, expires = draw_code(secrets.randbelow, PICK_UP_LENGTH), now + PICK_UP_VALID
        digest = self._digest("pick-up", code)

        def write(store: Store) -> None:
            own_application(store, owner, application_id, lock=True)
            if _page(store, application_id, str(ticket)) is None:
                raise Conflict(NO_LINK_TO_CHANGE)
            store.put_pick_up(application_id, digest, now, expires)

        await self._database.write(write, wake=False)
        return PickUpCode(group_code(code), expires)

    async def use(self, typed: str, client: str, now: datetime) -> str:
        """The address of the ticket's page.

        1. A typing error is told from a wrong code by arithmetic alone, and is no try. 2. Who is locked out hears
        nothing of any code. 3. The code, which is gone then; one that does not count is one more wrong try.

        Args:
            client: who types, as at the other codes: both count together.

        Raises:
            Invalid, CodesLocked, Unavailable.
            NotFound: the same for a code that was guessed, used, replaced, or has expired, whose ticket has no page any
                more, and for one of before a loss or of before an act on the link.
        """
        # 1.
        code = read_code(typed, PICK_UP_LENGTH)
        if code is None:
            raise Invalid(TYPED_WRONG, field=FIELD)
        digest, who = self._digest("pick-up", code), self._digest("client", client)

        def write(store: Store) -> str | Problem:
            # 2.
            tries = store.take_tries(who, now)
            if tries.is_locked(now) and tries.locked_until is not None:
                return CodesLocked(max(1, round((tries.locked_until - now).total_seconds())), LOCKED_OUT)
            # 3.
            found = store.take_pick_up(digest, now)
            page = None if found is None else _page_of_code(store, *found)
            if page is None:
                after = tries.after_wrong(now)
                store.set_tries(who, after, now)
                if after.locked_until is None:
                    return NO_SUCH
                return CodesLocked(int((after.locked_until - now).total_seconds()), LOCKED_OUT)
            return page

        found = await self._database.write(write, wake=False)
        if isinstance(found, Problem):
            raise NotFound(NO_TICKET_TO_PICK_UP, field=FIELD) if found is NO_SUCH else found
        return found

    async def forget(self, now: datetime) -> int:
        """Delete what is over. Returns how many."""
        return await self._database.write(lambda store: store.drop_old_pick_ups(now, AT_ONCE), wake=False)

    def _digest(self, what: str, text: str) -> bytes:
        if self._key is None:
            raise Unavailable(NOT_SET_UP)
        return hmac.digest(self._key, f"{what} {text}".encode("utf-8", "surrogatepass"), hashlib.sha256)


def _page_of_code(store: Store, application_id: ApplicationId, made_at: datetime) -> str | None:
    """None too where the code itself may be with a stranger by now."""
    news = store.news_of([application_id]).get(application_id, ())
    return None if is_astray(news, made_at) else pass_page(news, current_status(news).ticket)


def _page(store: Store, application_id: ApplicationId, ticket: str) -> str | None:
    """Of the ticket that the family holds now, where it is this one."""
    news = store.news_of([application_id]).get(application_id, ())
    return pass_page(news, ticket) if ticket == current_status(news).ticket else None
