"""Facts that nobody has told, each answered in every way that the form allows.

The rules ask for what is missing where they come to it. One that comes to its answer by another fact does not: whoever
says "district class" is asked for neither annex nor hours. So a refusal is decided once for each answer, and stands only
where every answer refuses.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import get_args

from eligibility.rules import to_family
from eligibility.rules.facts import Annex, CourseFacts, Facts, Track
from eligibility.rules.findings import Finding, question
from eligibility.rules.law.scope import in_course_form
from eligibility.rules.law.texts import open_facts as say
from eligibility.rules.law.way import nearest_unknown, year_10_of_either_track
from eligibility.rules.rule_set.rule_set import Law

Answers = Callable[[Facts], Iterator[Facts]]


@dataclass(frozen=True, slots=True)
class OpenFact:
    """What is not known, and the facts by each answer."""

    asked: Finding
    answers: Answers


def asked_before_refusal(facts: Facts, law: Law, refuses: Callable[[Facts], bool]) -> list[Finding]:
    """What must be known before these facts are refused; nothing where every answer refuses, alone and together."""
    open_ = _open_facts(facts, law)
    asked = [each.asked for each in open_ if not all(refuses(one) for one in each.answers(facts))]
    if asked or len(open_) < 2:
        return asked
    found = [facts]
    for each in open_:
        found = [answered for one in found for answered in each.answers(one)]
    return [] if all(refuses(one) for one in found) else [each.asked for each in open_]


def _open_facts(facts: Facts, law: Law) -> list[OpenFact]:
    found = []
    if in_course_form(facts, law) and _of_course(facts):
        found.append(OpenFact(_course_question(law), _by_course))
    if facts.attends_nearest is None and facts.distance_m is not None:
        found.append(OpenFact(nearest_unknown(law.basis("nearest.compared_by_law")), _by_nearest))
    if year_10_of_either_track(facts, law):
        found.append(OpenFact(_track_question(law), _by_track))
    return found


def _of_course(facts: Facts) -> bool:
    """Annex, hours, district class. Whether it follows a training can only stand against it."""
    taken = facts.course or CourseFacts()
    return taken.annex is None or taken.full_time is None or taken.district_class is None


def _by_course(facts: Facts) -> Iterator[Facts]:
    """A district class is one of annex A in part time: it is no answer to other courses."""
    taken = facts.course or CourseFacts()
    annexes = get_args(Annex) if taken.annex is None else (taken.annex,)
    hours = (True, False) if taken.full_time is None else (taken.full_time,)
    classes = (False, True) if taken.district_class is None else (taken.district_class,)
    for annex, full_time, district_class in product(annexes, hours, classes):
        if taken.district_class is None and district_class and (annex != "A" or full_time):
            continue
        answered = {"annex": annex, "full_time": full_time, "district_class": district_class}
        yield facts.model_copy(update={"course": taken.model_copy(update=answered)})


def _by_nearest(facts: Facts) -> Iterator[Facts]:
    """It is the nearest, and the way told of another is none; or a nearer one exists, if only by a step."""
    told = facts.distance_m if facts.nearest_distance_m is None else facts.nearest_distance_m
    yield facts.model_copy(update={"attends_nearest": True, "nearest_distance_m": facts.distance_m})
    yield facts.model_copy(update={"attends_nearest": False, "nearest_distance_m": told})


def _by_track(facts: Facts) -> Iterator[Facts]:
    return (facts.model_copy(update={"track": each}) for each in get_args(Track))


def _track_question(law: Law) -> Finding:
    basis = law.basis("limit.year_10_of_eight_m")
    return question("limit", basis, *say.TRACK_OF_YEAR_10, family=to_family.TRACK_OF_YEAR_10)


def _course_question(law: Law) -> Finding:
    return question("course", law.basis("scope.part_time_covered"), *say.COURSE, family=to_family.COURSE)
