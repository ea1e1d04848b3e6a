"""What a change tells, as an application; and whether it is what had been told before. Pure."""

from collections.abc import Mapping
from typing import Protocol

from shared.events import ApplicationChanged, ApplicationSubmitted

from eligibility.domain.case import Case
from eligibility.domain.family import OF_FAMILY
from eligibility.domain.ids import CaseId
from eligibility.domain.kept_facts import KeptFacts
from eligibility.domain.submission import Submission
from eligibility.workflow.decision.reductions import ProvenFacts


class ToldReader(Protocol):
    """What was told of an application, and what of it is proven."""

    def told_of(self, case_id: CaseId) -> ApplicationSubmitted | None:
        """The application as the family told it last; None where it is not kept."""

    def proven_for(self, event: ApplicationSubmitted) -> ProvenFacts:
        """What a person has recognised, as far as the family tells nothing else now."""


def as_submitted(event: ApplicationChanged) -> ApplicationSubmitted:
    """As if it had been applied so: on the day of the application, wanted from the day of the change. That a child
    leaves its school earlier changes nothing of the time until then."""
    told, day = as_told(event), event.changed_from
    leaves_first = day is not None and event.leaves_on is not None and event.leaves_on < day
    if day is None or leaves_first:
        return told
    return told.model_copy(update={"wanted_from": max(event.wanted_from, day)})


def as_told(event: ApplicationChanged) -> ApplicationSubmitted:
    """All that was told, as an application of the first day."""
    content = {name: getattr(event, name) for name in ApplicationSubmitted.model_fields}
    return ApplicationSubmitted.model_validate(content | {"occurred_at": event.applied_at})


def tells_nothing_new(
    before: ApplicationSubmitted | None, told: ApplicationSubmitted, case: Case, revised: Case
) -> bool:
    """Where it was not kept what had been told before, nobody can say it of siblings and benefits."""
    if before is not None:
        return same_told(before, told)
    return same_case(case, revised) and not (told.circumstances.siblings or told.circumstances.benefits)


def same_told(before: ApplicationSubmitted, told: ApplicationSubmitted) -> bool:
    """Whether all that was told is what it was. A day alone changes nothing."""
    ignored = {"event_id", "occurred_at"}
    return before.model_dump(exclude=ignored) == told.model_dump(exclude=ignored)


def same_case(case: Case, revised: Case) -> bool:
    """The same of a case of which it was not kept what had been told: by facts and notice."""
    ignored = {"changed_from", "wanted_from"} if "changed_from" in revised.submission else {"changed_from"}
    ignored |= set(OF_FAMILY)  # grows with proofs and other applications: what was told is compared instead

    def compared(kept: Submission | KeptFacts) -> Mapping[str, object]:
        return {key: value for key, value in kept.items() if key not in ignored}

    return (
        compared(case.facts) == compared(revised.facts)
        and case.school_number == revised.school_number
        and compared(case.submission) == compared(revised.submission)
    )
