"""Engines: what the rules do otherwise than they did. Adapters beside the law, so that the law reads as it stands today.

A rule set keeps the engine it was written for, so that a decision of years ago can be computed again, byte for byte
(tests/unit/eligibility/rules/golden). Each difference has a name here, the engine since which it holds, and what was
before. The law asks `law.does.<name>` and compares no number; how earlier engines worked it out and said it lies in
`rules/law/before`.
"""

from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Final, cast

ENGINE: Final = 7
"""The newest. Raised when the same facts and parameters would be decided or explained otherwise: part of each
rules_version."""
FIRST: Final = 1
"""Whose rule sets did not name it."""

NEWS: Final = MappingProxyType({
    1: "conditions, distance, claims, nearest school, cost and own share",
    2: "who may apply, place of teaching, transport and its limits, moving up of siblings, conditions of an authority's own, days of a grant, contradictions are asked about",
    3: "district class only at its Berufskolleg, one route to the nearest school, the fare to it is asked for, bearer by residence, escort, boarding, allowance by the kilometre; Hessen and Rheinland-Pfalz",
    4: "conditions refuse, grounds do not: what could decide and is unknown is asked; branches, places of support, health hints",
    5: "reasons in words that fit guardians and adult pupils alike",
    6: "the end of a period moves to the next working day; holidays are data of the rule set; branches in the Oberstufe",
    7: "a refusal stands only where every answer to what nobody has told refuses too: age, course and grade in question at a Berufskolleg",
})  # fmt: skip
"""What each engine brought, as CHANGELOG.md says it. Parameters that came with one are in `rule_set/kinds.py`."""


def _since(engine: int, before: str) -> bool:
    """A difference: the engine since which it holds, and what earlier ones did."""
    return cast(bool, field(metadata={"since": engine, "before": before}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What an engine does. Read as `law.does.<name>`: true since the engine that brought it."""

    # Engine 2
    ask_about_contradictions: bool = _since(2, "Facts that contradict each other were decided as they stood.")
    say_days_and_transport: bool = _since(
        2, "A grant said neither its days, nor the kind of transport, nor own shares that follow in the year."
    )
    keep_choices: bool = _since(2, "The content of a rule set had neither engine, nor choices, nor conditions.")

    # Engine 3
    say_allowance: bool = _since(3, "A decision did not print what is paid by the kilometre.")
    read_private_schools_from_parameter: bool = _since(
        3, "Whether private schools are treated alike hung on the preset's name."
    )
    tie_district_class_to_its_forms: bool = _since(3, "A district class counted at every form of school.")
    take_district_class_for_course: bool = _since(3, "Only an annex told of a course at a school without courses.")
    doubt_district_class_and_year_13: bool = _since(
        3, "A district class in full time, and a year 13 of eight years, were no contradictions."
    )
    doubt_two_routes_to_nearest: bool = _since(
        3, "Of two ways to a school that is the nearest, one above the limit and one below, one was taken."
    )
    ask_for_fare_to_nearest: bool = _since(
        3, "The fare to a farther school was borne where the fare to the nearest was not known."
    )

    # Engine 4
    ask_on_health_hints: bool = _since(4, "A disability or an escort alone raised no question on health.")
    ask_where_child_stays: bool = _since(4, "Residence refused also who has a second home, or boards.")
    ask_for_place_of_support: bool = _since(4, "A place of support counted only where it was claimed.")
    know_branches: bool = _since(4, "A branch that the nearer school does not have made no school the nearest.")
    ask_before_nearer_school_refuses: bool = _since(
        4, "A way to a nearer school refused, though nobody had said which is the nearest, or how far the attended is."
    )
    try_other_grounds_of_farther_school: bool = _since(
        4, "A way within the limit could carry no grant, whatever else was put forward for it."
    )
    doubt_safe_way_to_nearer_school: bool = _since(
        4, "A safe way within the limit settled the claim, though another school may count as the nearest."
    )
    decide_both_tracks: bool = _since(4, "An EF of an unknown track was asked about, also where nothing hung on it.")
    doubt_level: bool = _since(4, "A way was too short by a limit that rested on facts in contradiction.")
    compare_age_and_grade: bool = _since(4, "An age that does not fit the grade was no contradiction.")
    ask_whether_siblings_are_funded: bool = _since(4, "A sibling of whom nobody had said it had no funded ticket.")
    bound_fare_of_district_class: bool = _since(
        4, "In a district class the fare counted alone: no escort, no bound, no allowance, and known or not."
    )
    bear_escort_without_fare: bool = _since(4, "Where a ticket cost nothing, an escort was not borne either.")
    keep_ticket_fare_to_tickets: bool = _since(4, "A ticket that costs nothing was the cost of a bus or taxi too.")
    doubt_bound_by_nearest: bool = _since(
        4, "The fare to the nearest school bounded every cost, though another school may count as the nearest."
    )
    doubt_nothing_to_bear: bool = _since(4, "Where a ticket cost nothing, that refused, whatever else was to be borne.")
    cost_grants_only: bool = _since(4, "Where no ground held, a ticket that costs nothing refused beside it.")
    refuse_by_what_failed: bool = _since(4, "A refusal also said what would have been granted.")

    # Engine 5
    speak_to_adult_pupils: bool = _since(5, "Reasons spoke of the child.")
    name_benefits: bool = _since(5, "A benefit was called by the letters of its law.")
    name_years: bool = _since(5, "Every year was called Klasse, also an EF and the year of a course.")
    name_kinds_of_school: bool = _since(5, "The nearest school was named without its kind (Schulart).")
    say_comparison_where_it_decides: bool = _since(
        5, "That schools were compared by distance was said of every school, the nearest too."
    )
    ask_for_proof_of_escort: bool = _since(5, "That an escort is not borne yet was said without what to send.")

    # Engine 6
    move_last_day: bool = _since(6, "A period ended on its last day, working day or not.")
    ask_about_branches_in_upper_level: bool = _since(
        6, "A branch was asked about at whole forms of school alone, not in their Oberstufe."
    )
    compare_age_and_form: bool = _since(6, "A child too young for its form of school was no contradiction.")
    let_refusals_wait: bool = _since(6, "A contradiction held back no refusal by other rules.")

    # Engine 7
    try_every_answer: bool = _since(7, "A refusal stood though an answer to what nobody had told would not refuse.")
    add_up_both_routes: bool = _since(7, "Of two ways to a nearest school only the tested one was added up.")
    expect_age_of_courses: bool = _since(7, "Nobody was too young for a course of Sekundarstufe II.")


def _of(engine: int) -> Differences:
    return Differences(**{each.name: engine >= each.metadata["since"] for each in fields(Differences)})


_DIFFERENCES = {each: _of(each) for each in NEWS}


def differences(engine: int) -> Differences:
    """What an engine does.

    Raises:
        KeyError: of one that does not exist.
    """
    return _DIFFERENCES[engine]


def is_newest(engine: int) -> bool:
    """Whether nothing is done otherwise today.

    Args:
        engine: number of the engine.
    """
    return engine == ENGINE
