"""What an application would come to, asked of eligibility before anybody applies. Nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.errors import FieldProblem, Invalid, Text, Unavailable
from shared.questions import Candidate, PrecheckCourse, PrecheckQuestion, PrecheckReply, PrecheckSibling

from application.checks import SchoolKeys, check
from application.checks.answering import answerable
from application.checks.texts import SCHOOL_OPENS_LATER
from application.checks.uploads import DocumentKind
from application.domain.school import School
from application.form.precheck import NAMES_HERE, PrecheckFacts, PrecheckForm
from application.workflow.applications.addresses import NEAR, Asks
from application.workflow.applications.applications import CORRECT_THESE
from application.workflow.ports import Store

NOBODY_THERE = Text(
    "Die Vorprüfung ist gerade nicht erreichbar. Bitte versuchen Sie es in einer Minute wieder, oder stellen Sie den "
    "Antrag gleich: Dafür brauchen Sie die Vorprüfung nicht.",
    "The pre-check cannot be reached just now. Please try again in a minute, or apply at once: the pre-check is not "
    "needed for that.",
)
OPENS_AFTER_YEAR = Text(
    "Diese Schule nimmt ihren Betrieb erst nach diesem Schuljahr auf. Bitte wählen Sie ein anderes Schuljahr.",
    "This school opens only after this school year. Please choose another school year.",
)
PROOF_OF_SHARE = "unproven"


@dataclass(frozen=True)
class Precheck:
    """What such an application would come to, and which documents would be asked for."""

    reply: PrecheckReply
    documents: tuple[DocumentKind, ...]
    school: School


class Prechecks:
    def __init__(self, database: Transactions[Store], keys: SchoolKeys, asks: Asks) -> None:
        self._database = database
        self._keys = keys
        self._asks = asks

    async def problems_of(self, facts: PrecheckFacts, now: datetime) -> list[FieldProblem]:
        """For a body with errors: what else is wrong with the rest of it."""
        number = facts.school_number
        return self._check(facts, await self._school(number) if number else None, now)

    async def look(
        self, form: PrecheckForm, facts: PrecheckFacts, now: datetime, picture: Literal["de", "en"] | None = None
    ) -> Precheck:
        """1. Check as an application is checked. 2. Ask eligibility. 3. Of an address that is not found, ask which
        one is meant, unless the family says that it is right.

        Raises:
            Invalid: with every field that does not fit.
            Unavailable: where nobody answers.
        """
        # 1.
        school = await self._school(form.school_number)
        problems = self._check(facts, school, now)
        if problems or school is None:
            raise Invalid(CORRECT_THESE, problems=problems)
        # 2.
        reply = await self._asks.ask(_question(form, school.authority.id, picture), PrecheckReply)
        if reply is None:
            raise Unavailable(NOBODY_THERE)
        # 3.
        if reply.candidates and not form.address.confirmed:
            raise Invalid(CORRECT_THESE, problems=[_meant(reply.candidates)])
        return Precheck(reply, _documents(form, reply), school)

    async def _school(self, number: str) -> School | None:
        return await self._database.read(lambda store: store.school(number))

    def _check(self, facts: PrecheckFacts, school: School | None, now: datetime) -> list[FieldProblem]:
        found = check(facts.on_last_day(), school, self._keys, now, day_in_berlin(now))
        return [replace(each, field=_name_here(each.field), text=_text_here(each.text)) for each in found]


def _name_here(field: str) -> str:
    for known, here in NAMES_HERE.items():
        if field == known or field.startswith(f"{known}."):
            return here + field.removeprefix(known)
    return field


def _text_here(text: Text) -> Text:
    """No first day can be chosen here."""
    return OPENS_AFTER_YEAR if text == SCHOOL_OPENS_LATER else text


def _question(form: PrecheckForm, authority_id: str, picture: Literal["de", "en"] | None) -> PrecheckQuestion:
    address = form.address
    return PrecheckQuestion(
        authority_id=authority_id,
        school_number=form.school_number,
        school_year=form.school_year,
        grade=form.grade,
        track=form.track,
        course=form.course and PrecheckCourse.model_validate(form.course.model_dump()),
        street=address.street,
        house_number=address.house_number,
        postal_code=address.postal_code,
        city=address.city,
        birth_date=form.birth_date,
        special_needs=form.special_needs,
        severely_disabled=form.severely_disabled,
        siblings=tuple(PrecheckSibling.model_validate(dict(each)) for each in form.siblings),
        benefits=form.benefits,
        picture=picture,
    )


def _meant(candidates: Sequence[Candidate]) -> FieldProblem:
    return FieldProblem("address", NEAR, tuple(each.model_dump() for each in candidates))


def _documents(form: PrecheckForm, reply: PrecheckReply) -> tuple[DocumentKind, ...]:
    """Those that settle the open questions; and where the own share rests on siblings or benefits, their proofs."""
    rules = [each.rule for each in reply.questions]
    if reply.outlook != "refused" and (form.siblings or form.benefits):
        rules.append(PROOF_OF_SHARE)
    return tuple(dict.fromkeys(kind for rule in rules for kind in answerable(rule).documents))
