"""What an application would come to, told before anybody applies: judged as an application is, and nothing is kept.

What the family tells of siblings and benefits counts as proven; what a person would have to look at is said.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from geography.drawing.maps import collection
from geography.drawing.picture import svg
from geography.model import Measurement
from pydantic import JsonValue
from shared.calendar import SchoolYear, day_in_berlin
from shared.events import ApplicationSubmitted, Circumstances, Course, HomeAddress, Person
from shared.pages import MOST_BYTES
from shared.questions import AddressQuestion, AddressReply, PrecheckQuestion, PrecheckReply, ReasonOut

from eligibility.rules import Facts, Finding, texts, to_family
from eligibility.rules.facts import NO_PUPIL, SiblingFacts
from eligibility.workflow.decision.assessment import Assessment
from eligibility.workflow.decision.facts import facts_of
from eligibility.workflow.decision.reductions import ProvenFacts
from eligibility.workflow.decision.terms import offer_for
from eligibility.workflow.decision.verdict import Verdict, judge

NOBODY = Person(first_name="", last_name="")
NO_ID = UUID(int=0)
STAND_IN = date(2000, 1, 1)
"""For the birth date of which nothing is told; no rule sees it."""
ROOM_FOR_CANDIDATES = 2048
"""Bytes of an answer that stay free for the addresses that may be meant."""
SMALLEST_STEP = 6
"""Digits of degrees on the map: 0.1 m."""


class Assesses(Protocol):
    async def assess(self, event: ApplicationSubmitted) -> Assessment:
        """Raises NotFound where the authority is not set up here, Unavailable where too many ways are being
        measured."""


class AnswersAddresses(Protocol):
    async def answer(self, question: AddressQuestion) -> AddressReply:
        """Whether the address is known, and what may be meant."""


class Prechecks:
    """Answers `eligibility.ask.precheck`."""

    def __init__(self, assessor: Assesses, addresses: AnswersAddresses, now: Callable[[], datetime]) -> None:
        self._assessor = assessor
        self._addresses = addresses
        self._now = now

    async def answer(self, question: PrecheckQuestion) -> PrecheckReply:
        """1. Look up and measure as for an application. 2. Judge it, with what was told as proven. 3. Say it in words
        for families; of an address that is not found, what may be meant."""
        # 1.
        assessment = await self._assessor.assess(_as_application(question, self._now()))
        known = replace(assessment.context, proven=_as_proven(question))
        assessment = replace(assessment, context=known)
        # 2.
        facts, asked = facts_of(assessment)
        found = judge(assessment, _without_stand_ins(facts, question, found_here=known.home is not None), asked)
        # 3.
        reply = _small_enough(_reply(question, assessment, found))
        if known.home is not None:
            return reply
        address = AddressQuestion(
            authority_id=question.authority_id,
            street=question.street,
            house_number=question.house_number,
            postal_code=question.postal_code,
            city=question.city,
        )
        return reply.model_copy(update={"candidates": (await self._addresses.answer(address)).candidates})


def _as_application(question: PrecheckQuestion, now: datetime) -> ApplicationSubmitted:
    """Handed in now, for the whole school year, or what is left of it."""
    home = HomeAddress(
        street=question.street,
        house_number=question.house_number,
        postal_code=question.postal_code,
        city=question.city,
    )
    begins, ends = SchoolYear.parse(question.school_year).span
    return ApplicationSubmitted(
        occurred_at=now,
        authority_id=question.authority_id,
        application_id=NO_ID,
        school_number=question.school_number,
        school_year=question.school_year,
        wanted_from=min(max(begins, day_in_berlin(now)), ends),
        birth_date=question.birth_date or STAND_IN,
        home=home,
        grade=question.grade,
        track=question.track,
        course=question.course and Course.model_validate(question.course.model_dump()),
        circumstances=Circumstances(
            special_needs=question.special_needs or False, severely_disabled=question.severely_disabled or False
        ),
        addressee=NOBODY,
        addressee_address=home,
        child=NOBODY,
    )


def _as_proven(question: PrecheckQuestion) -> ProvenFacts:
    siblings = tuple(SiblingFacts.model_validate(dict(each)) for each in question.siblings)
    return ProvenFacts(siblings=siblings, benefits=question.benefits)


def _without_stand_ins(facts: Facts, question: PrecheckQuestion, *, found_here: bool) -> Facts:
    """Who applies is settled when somebody does. Whose address is in the directory lives in the state."""
    pupil = (facts.pupil or NO_PUPIL).model_copy(
        update={
            "birth_date": question.birth_date,
            "lives_in_nrw": True if found_here else None,
        }
    )
    return facts.model_copy(update={"applicant": None, "pupil": pupil})


def _reply(question: PrecheckQuestion, assessment: Assessment, found: Verdict) -> PrecheckReply:
    tested = assessment.tested
    granted = found.outcome == "granted"
    refused_by = found.evaluation.decided_by if found.outcome == "refused" else frozenset[str]()
    offer = offer_for(refused_by, assessment.policy.choices, question.school_number, assessment.period)
    asked = [each for each in found.reasons if each.result == "question"]
    return PrecheckReply(
        outlook="person" if found.outcome == "review" else found.outcome,
        distance_m=tested.metres if tested else None,
        lenient_m=tested.lenient_m if tested else None,
        strict_m=tested.strict_m if tested else None,
        limit_m=found.evaluation.limit_m,
        own_share_cents=found.evaluation.own_share_cents if granted else None,
        self_payer_cents=offer.prices[0][1] if offer and offer.prices else None,
        questions=tuple(_asked(each) for each in asked),
        reasons=tuple(_said(each) for each in found.reasons if each.result != "question"),
        map=_map(tested),
        picture=_picture(tested, question.picture, found.evaluation.limit_m),
    )


def _small_enough(reply: PrecheckReply) -> PrecheckReply:
    """A long way may be more than an answer holds: then first the picture is left out, and then the map."""
    for left_out in ({}, {"picture": None}, {"picture": None, "map": None}):
        small = reply.model_copy(update=left_out)
        if len(small.model_dump_json().encode()) < MOST_BYTES - ROOM_FOR_CANDIDATES:
            return small
    return small


def _said(finding: Finding) -> ReasonOut:
    return ReasonOut(rule=finding.rule, legal_basis=finding.legal_basis, text=finding.text, text_en=finding.text_en)


def _asked(finding: Finding) -> ReasonOut:
    words = finding.family or to_family.WE_LOOK
    return ReasonOut(rule=finding.rule, legal_basis=finding.legal_basis, text=words.de, text_en=words.en)


def _map(tested: Measurement | None) -> JsonValue:
    """Without the ids of ways, which say nothing to a family."""
    if tested is None:
        return None
    drawn = collection(tested.as_json())
    kept = ({**each, "geometry": _rounded(each["geometry"])} for each in drawn["features"])
    return {"type": "FeatureCollection", "features": list(kept), "attribution": drawn["attribution"]}


def _rounded(value: JsonValue) -> JsonValue:
    if isinstance(value, float):
        return round(value, SMALLEST_STEP)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, Iterable) and not isinstance(value, str) else value


def _picture(tested: Measurement | None, language: Literal["de", "en"] | None, limit_m: int | None) -> str | None:
    if tested is None or language is None:
        return None
    place = 0 if language == "de" else 1
    return svg(tested.as_json(), language=language, metres=lambda value: texts.metres(value, limit_m)[place])
