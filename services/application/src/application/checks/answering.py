"""With which parts of the form, and which documents, a family can answer a question of the authority's rules. Pure.

By the rule's name in the question; what is not named here is answered in words, or by the authority itself.
"""

from dataclasses import dataclass

from application.checks.uploads import DocumentKind


@dataclass(frozen=True)
class Answerable:
    parts: tuple[str, ...]
    """Keys of `changes` in POST …/answers."""
    documents: tuple[DocumentKind, ...] = ()


BY_RULE: dict[str, Answerable] = {
    "address": Answerable(("home",)),
    "afternoon_lessons": Answerable(("claims",), ("other",)),
    "applicant": Answerable(("applicant", "guardian", "pupil"), ("other",)),
    "assigned_place": Answerable(("claims",), ("assigned_place",)),
    "bearer": Answerable(("lives_in_authority_area", "home")),
    "birth_date": Answerable(("pupil",), ("other",)),
    "boarding": Answerable(("claims",)),
    "contradiction": Answerable(
        ("school_number", "grade", "track", "course", "wanted_from", "leaves_on", "home", "lives_in_nrw", "pupil")
    ),
    "course": Answerable(("course",)),
    "custody": Answerable(("custody",), ("custody",)),
    "dangerous_route": Answerable(("claims",), ("danger_report",)),
    "escort": Answerable(("claims",), ("medical_certificate",)),
    "fare": Answerable((), ("other",)),
    "health": Answerable(("claims",), ("medical_certificate",)),
    "income": Answerable(("income_within_limit",), ("benefit_notice",)),
    "limit": Answerable(("grade", "track", "school_number", "course")),
    "name": Answerable(("pupil",), ("other",)),
    "nearest_refused": Answerable(("claims",), ("school_refusal",)),
    "own_branch": Answerable(("claims",), ("other",)),
    "own_share": Answerable(("siblings", "benefits", "pupil"), ("benefit_notice",)),
    "period": Answerable(("wanted_from", "leaves_on")),
    "place_of_teaching": Answerable(("place_of_teaching",), ("other",)),
    "residence": Answerable(("lives_in_nrw", "lives_in_authority_area", "home")),
    "school": Answerable(("school_number",)),
    "second_home": Answerable(("claims", "home"), ("custody",)),
    "transport": Answerable(("transport",), ("medical_certificate",)),
    "unproven": Answerable(("siblings", "benefits"), ("benefit_notice", "other")),
}
NONE = Answerable(())


def answerable(rule: str) -> Answerable:
    """For a rule that is not named in `BY_RULE`: nothing but words."""
    return BY_RULE.get(rule, NONE)
