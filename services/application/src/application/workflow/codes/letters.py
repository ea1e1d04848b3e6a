"""A code by letter: asked for by the family or at the desk, drawn when it is printed, and kept as a digest alone."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from shared.database import Transactions
from shared.errors import NotFound

from application.domain.acts import CodeAct
from application.domain.application import Application
from application.domain.code_text import draw_code, group_code
from application.domain.codes import (
    LETTER_CODE_VALID,
    LETTERS_WITHIN,
    MOST_LETTERS,
    AccessCode,
    BatchId,
    CodeId,
    CodeKind,
    LetterId,
    LetterRequest,
)
from application.domain.ids import ApplicationId
from application.form import ApplicationForm
from application.workflow.codes.codes import Codes, new_account
from application.workflow.people.access import NOT_HERE
from application.workflow.ports import Store

AT_ONCE = 200
NOBODYS_KEPT = timedelta(hours=1)
"""Requests of no application: they are there so that nobody learns whether one is."""
MOST_PRINTED = 100
"""Letters of one file."""


@dataclass(frozen=True)
class CodeLetter:
    """A letter as it is printed once."""

    application_id: ApplicationId
    lines: tuple[str, ...] = field(repr=False)
    """The addressee, as on an envelope."""
    code: str = field(repr=False)
    child: str = field(repr=False)
    authority: str
    language: str
    expires_at: datetime


class Letters:
    """Of `codes`: with its key."""

    def __init__(self, database: Transactions[Store], codes: Codes) -> None:
        self._database, self._codes = database, codes

    async def ask(self, application_id: ApplicationId, now: datetime) -> None:
        """By somebody without an account. Nothing is told of whether there is such an application: a row is written in
        any case, with the same statements, and waits at the desk only where a letter is to go out."""
        await self._database.write(lambda store: _ask(store, application_id, now), wake=False)

    async def ask_as_staff(self, authority_id: str, application_id: ApplicationId, now: datetime) -> None:
        """At the desk.

        Raises:
            NotFound: for what is not this authority's.
        """

        def write(store: Store) -> None:
            found = store.find_application(application_id, lock=True)
            if found is None or found.authority_id != authority_id:
                raise NotFound(NOT_HERE)
            if store.letters_since(application_id, now - LETTERS_WITHIN)[1] == 0:
                store.add_letter(LetterRequest(LetterId(uuid4()), application_id, now, by_staff=True))

        await self._database.write(write, wake=False)

    async def waiting(self, authority_id: str) -> Sequence[LetterRequest]:
        """To be printed, oldest first."""
        return await self._database.read(lambda store: store.letters_of(authority_id, MOST_PRINTED))

    async def print(self, authority_id: str, by: str, now: datetime) -> Sequence[CodeLetter]:
        """1. Those that wait. 2. Of each a fresh code, in place of those of earlier letters. 3. On record. The codes
        are told by this answer alone; a letter that is lost is asked for again."""

        def write(store: Store) -> list[CodeLetter]:
            printed = []
            # 1.
            for each in store.letters_of(authority_id, MOST_PRINTED):
                number = each.application_id
                application = None if number is None else store.find_application(number, lock=True)
                if application is None or not store.end_letter(each.id, now):
                    continue
                # 2.
                store.revoke_letter_codes(application.id, now)
                printed.append(self._letter(store, application, now))
                # 3.
                about = str(application.id)
                store.note_code_act(authority_id, by, CodeAct.LETTER_PRINTED, about, now, {})
            return printed

        return await self._database.write(write, wake=False)

    async def forget(self, now: datetime) -> int:
        """Delete requests that are over."""
        return await self._database.write(
            lambda store: store.drop_old_letters(now - LETTERS_WITHIN, now - NOBODYS_KEPT, AT_ONCE), wake=False
        )

    def _letter(self, store: Store, application: Application, now: datetime) -> CodeLetter:
        code, expires = draw_code(secrets.randbelow), now + LETTER_CODE_VALID
        row = AccessCode(
            CodeId(uuid4()), BatchId(uuid4()), CodeKind.LETTER, self._codes.digest_of(code), new_account(),
            application.authority_id, now, expires, 1, application_id=application.id,
        )  # fmt: skip
        store.add_codes([row])
        form = ApplicationForm.model_validate_json(application.form)
        school = store.school(application.school_number)
        return CodeLetter(
            application_id=application.id,
            lines=_lines(form),
            code=group_code(code),
            child=f"{form.pupil.first_name} {form.pupil.last_name}".strip(),
            authority=school.authority.name if school else "",
            language=form.language,
            expires_at=expires,
        )


def _ask(store: Store, application_id: ApplicationId, now: datetime) -> None:
    application = store.find_application(application_id, lock=True)  # of two at one moment one goes out
    asked, waits = store.letters_since(application_id, now - LETTERS_WITHIN)
    goes_out = application is not None and asked < MOST_LETTERS and not waits
    store.add_letter(LetterRequest(LetterId(uuid4()), application_id if goes_out else None, now))


def _lines(form: ApplicationForm) -> tuple[str, ...]:
    home = form.guardian.address or form.home
    lines = (
        f"{form.guardian.first_name} {form.guardian.last_name}".strip(),
        home.flat or "",
        f"{home.street} {home.house_number}",
        f"{home.postal_code} {home.city}",
    )
    return tuple(each for each in lines if each)
