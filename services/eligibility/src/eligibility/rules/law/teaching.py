"""Grounds that come of where and when is taught: afternoon lessons, and places of teaching outside the school."""

from shared.errors import Text

from eligibility.rules import texts, to_prove
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, compare_length, met, not_met, question
from eligibility.rules.rule_set.rule_set import Law


def afternoon_lessons(facts: Facts, law: Law, limit_metres: int | None, nearest_m: float | None) -> Finding | None:
    """NRW § 5 Abs. 3 SchfkVO: where the way is mostly walked twice a day, the ways are added up."""
    name = "claims.afternoon_ways"
    if facts.afternoon_lessons is None or facts.afternoon_lessons.mostly is False or not law.has(name):
        return None
    basis, ways = law.basis(name), law.number(name)
    if ways == 0:
        return None
    if ways is None or facts.afternoon_lessons.mostly is None or limit_metres is None or nearest_m is None:
        return question(
            "afternoon_lessons", basis,
            "Muss der Schulweg an den meisten Schultagen wegen Vor- und Nachmittagsunterrichts ein zweites Mal gegangen werden?",
            "Must the way be walked a second time on most school days because of morning and afternoon lessons?",
            family=to_prove.AFTERNOON,
        )  # fmt: skip
    return compare_length(
        "afternoon_lessons", basis, ways * nearest_m, limit_metres,
        longer=Text("Wegen Vor- und Nachmittagsunterrichts ist der Weg zweimal zu gehen: {way}, mehr als {limit}. Ein Schulweg gilt als notwendig.",
                    "Because of morning and afternoon lessons the way is walked twice: {way}, more than {limit}. One way counts as necessary."),
        not_longer=Text("Auch mit dem zweiten Weg am Nachmittag sind es {way}, nicht mehr als {limit}.",
                        "Even with the second way in the afternoon it is {way}, not more than {limit}."),
    )  # fmt: skip


def place_of_teaching(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 8 SchfkVO: internships and lessons elsewhere that the curriculum requires, by the same limits."""
    place, name = facts.place_of_teaching, "place_of_teaching.covered"
    if place is None or not law.has(name) or law.in_force[name].value is False:
        return None
    basis, unknown = law.basis(name), law.in_force[name].value is None
    farthest = law.number("place_of_teaching.farthest_m")
    if place.required is False:
        return not_met(
            "place_of_teaching", basis, "Der andere Unterrichtsort ist nicht vom Lehrplan vorgeschrieben.",
            "The other place of teaching is not required by the curriculum.",
        )  # fmt: skip
    if unknown or place.required is None or place.distance_m is None or limit_metres is None:
        return question(
            "place_of_teaching", basis,
            "Ist der andere Unterrichtsort (Praktikum) vorgeschrieben, und wie lang ist der kürzeste Fußweg dorthin?",
            "Is the other place of teaching (internship) required, and how long is the shortest walk to it?",
            family=to_prove.PLACE_OF_TEACHING,
        )  # fmt: skip
    (german, english), (limit_german, limit_english) = (
        texts.metres(place.distance_m, limit_metres),
        texts.limit(limit_metres),
    )
    if place.distance_m <= limit_metres:
        return not_met(
            "place_of_teaching", basis, f"Der Weg zum anderen Unterrichtsort ist {german} lang, nicht mehr als {limit_german}.",
            f"The way to the other place of teaching is {english}, not more than {limit_english}.",
        )  # fmt: skip
    if farthest is not None and place.distance_m > farthest:
        return question(
            "place_of_teaching", law.basis("place_of_teaching.farthest_m"),
            f"Der Unterrichtsort ist {german} entfernt, weiter als {texts.limit(farthest)[0]}. Gibt es keinen näheren?",
            f"The place of teaching is {english} away, farther than {texts.limit(farthest)[1]}. Is there none nearer?",
            family=to_prove.FAR_PLACE_OF_TEACHING,
        )  # fmt: skip
    return met(
        "place_of_teaching", basis, f"Der Weg zum vorgeschriebenen anderen Unterrichtsort ist {german} lang, mehr als {limit_german}.",
        f"The way to the other place of teaching, which is required, is {english}, more than {limit_english}.",
    )  # fmt: skip
