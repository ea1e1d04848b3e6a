"""The way to school: the level and its limit, the nearest school, and whether the limit is exceeded."""

from dataclasses import dataclass

from shared.errors import Text

from eligibility.rules import texts, to_family
from eligibility.rules.facts import NO_SCHOOL, Facts
from eligibility.rules.findings import Finding, met, not_met, note, question
from eligibility.rules.rule_set.rule_set import Law, Level

UPPER = frozenset({"EF", "Q1", "Q2", "11", "12", "13"})
PRIMARY = frozenset({"01", "02", "03", "04"})
LEVELS: dict[Level, tuple[str, str]] = {
    "primary": ("Primarstufe", "primary level"),
    "lower": ("Sekundarstufe I", "lower secondary level"),
    "upper": ("Sekundarstufe II", "upper secondary level"),
}
PARAMETERS: dict[Level, str] = {
    "primary": "limit.primary_m",
    "lower": "limit.lower_secondary_m",
    "upper": "limit.upper_secondary_m",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit that applies, in metres, or what stands against it."""

    finding: Finding
    metres: int | None = None
    parameter: str = "limit.primary_m"
    level: Level | None = None


def limit(facts: Facts, law: Law) -> Limit:
    """Level from grade, form and track; the limit from the level. NRW: § 5 Abs. 2 SchfkVO."""
    form_key = (facts.school or NO_SCHOOL).form
    basis = law.basis("limit.lower_secondary_m")
    if form_key is None:
        return _asking(
            basis, "Welche Schulform besucht das Kind?", "Which form of school does the child attend?", to_family.SCHOOL
        )
    form = law.forms[form_key]
    if form.level is not None:
        return _of_level(form.level, law, f"{form.title}", form.title)
    grade = facts.grade
    if grade is None:
        return _asking(
            basis, "Welche Klasse oder Stufe besucht das Kind?", "Which grade does the child attend?", to_family.GRADE
        )
    if form.grades and grade not in form.grades:
        return _asking(
            basis,
            f"Die Klasse {grade.lstrip('0')} gibt es an der Schulform {form.title} nicht. Welche Klasse an welcher Schule besucht das Kind?",
            f"There is no grade {grade.lstrip('0')} at this form of school ({form.title}). Which grade of which school does the child attend?",
            to_family.SCHOOL_AND_GRADE,
        )
    if form.eight_or_nine_years and grade in ("EF", "10"):
        return _year_of_eight_or_nine(facts, law, form.title)
    level: Level = "primary" if grade in PRIMARY else "upper" if grade in UPPER else "lower"
    german, english = texts.year_of_school(grade, form_key)
    if law.engine < 5:
        said = grade.lstrip("0")
        german, english = f"Klasse {said}", f"grade {said}"
    return _of_level(level, law, f"{form.title}, {german}", f"{form.title}, {english}")


def _year_of_eight_or_nine(facts: Facts, law: Law, title: str) -> Limit:
    """EF is year 10 of eight years (its own, lower limit) or year 11 of nine. Year 10 of nine is Sekundarstufe I."""
    if facts.grade == "EF" and facts.track is None:
        return _asking(
            law.basis("limit.year_10_of_eight_m"),
            "Ist die EF Teil des acht- oder des neunjährigen Bildungsgangs (G8 oder G9)? Davon hängt die Entfernungsgrenze ab.",
            "Is this EF part of the eight-year or the nine-year course (G8 or G9)? The distance limit depends on it.",
            to_family.TRACK,
        )
    if facts.track == "GY8":
        words = f"{title}, Jahrgang 10 des achtjährigen Bildungsgangs", f"{title}, year 10 of the eight-year course"
        return _of_parameter("limit.year_10_of_eight_m", "upper", law, words)
    if facts.grade == "EF":
        return _of_level(
            "upper", law, f"{title}, EF im neunjährigen Bildungsgang", f"{title}, EF of the nine-year course"
        )
    return _of_level("lower", law, f"{title}, Klasse 10", f"{title}, grade 10")


def in_upper_level(facts: Facts, law: Law) -> bool:
    """Whether the year is one of the Oberstufe, or of a course of Sekundarstufe II."""
    form = (facts.school or NO_SCHOOL).form
    return form is not None and (law.forms[form].level == "upper" or facts.grade in UPPER)


def either_track(facts: Facts, law: Law) -> bool:
    """Whether the year is an EF of which nobody has said to which track it belongs."""
    form = (facts.school or NO_SCHOOL).form
    return facts.grade == "EF" and facts.track is None and form is not None and law.forms[form].eight_or_nine_years


def year_10_of_either_track(facts: Facts, law: Law) -> bool:
    """Whether it is a year 10 that is one of Sekundarstufe I, or the EF of eight years, and nobody has said which."""
    form = (facts.school or NO_SCHOOL).form
    return facts.grade == "10" and facts.track is None and form is not None and law.forms[form].eight_or_nine_years


def said_of_either(finding: Finding, law: Law, limits: list[int]) -> Finding:
    """The limit's finding where both tracks come to the same."""
    (low, low_english), (high, high_english) = texts.limit(limits[0]), texts.limit(limits[-1])
    return note(
        "limit", law.basis("limit.year_10_of_eight_m"),
        f"EF: Der Schulweg muss im achtjährigen Bildungsgang länger als {low} sein, im neunjährigen länger als {high}; hier kommt beides zum selben Ergebnis.",
        f"EF: the way to school must be longer than {low_english} in the eight-year course, and longer than {high_english} in the nine-year course; here both come to the same.",
    ) if limits else finding  # fmt: skip


def _of_level(level: Level, law: Law, where: str, where_en: str) -> Limit:
    if level not in law.words("scope.levels"):
        finding = not_met(
            "limit", law.basis("scope.levels"),
            f"Für die {LEVELS[level][0]} ({where}) werden keine Fahrkosten übernommen.",
            f"Travel costs are not borne at {LEVELS[level][1]} ({where_en}).",
        )  # fmt: skip
        return Limit(finding, level=level)
    german, english = LEVELS[level]
    return _of_parameter(PARAMETERS[level], level, law, (f"{where} ({german})", f"{where_en} ({english})"))


def _of_parameter(parameter: str, level: Level, law: Law, words: tuple[str, str]) -> Limit:
    metres = law.number(parameter)
    if metres is None:
        return _asking(
            law.basis(parameter),
            "Welche Entfernungsgrenze gilt hier?",
            "Which distance limit applies here?",
            to_family.WE_LOOK,
        )
    german, english = texts.limit(metres)
    finding = note(
        "limit", law.basis(parameter),
        f"{words[0]}: Der Schulweg muss länger als {german} sein.",
        f"{words[1]}: the way to school must be longer than {english}.",
    )  # fmt: skip
    return Limit(finding, metres, parameter, level)


def _asking(basis: str, german: str, english: str, family: Text) -> Limit:
    return Limit(question("limit", basis, german, english, family=family))


def is_assigned(facts: Facts, law: Law) -> bool:
    """A school that the school supervision named counts as the nearest, once that is proven."""
    name = "nearest.assigned_counts"
    place = facts.assigned_place
    return place is not None and place.confirmed is True and law.has(name) and bool(law.in_force[name].value)


def has_own_branch(facts: Facts, law: Law) -> bool:
    """A school with a branch that the nearer one does not have counts as the nearest, once that is proven."""
    return law.engine > 3 and facts.own_branch is not None and facts.own_branch.confirmed is True


def counts_as_nearest(facts: Facts, law: Law) -> bool:
    """Though a nearer school exists: that one refused, this one was named, or has a branch of its own."""
    return bool(facts.nearest_refusal_proven) or is_assigned(facts, law) or has_own_branch(facts, law)


def nearest_metres(facts: Facts, law: Law) -> float | None:
    """The way that is tested against the limit."""
    if facts.attends_nearest or counts_as_nearest(facts, law):
        return (
            facts.distance_m
            if facts.nearest_distance_m is None or not facts.attends_nearest
            else facts.nearest_distance_m
        )
    return facts.nearest_distance_m


WHICH_LIMIT = "Welche Entfernungsgrenze gilt?", "Which distance limit applies?"
WHICH_WAY = (
    "Die besuchte Schule soll die nächstgelegene sein, angegeben sind aber zwei Wege, einer über und einer unter der Grenze. Welcher stimmt?",
    "The school attended is said to be the nearest, but two ways are given, one above the limit and one below. Which is right?",
)  # fmt: skip
WHICH_SCHOOL = (
    "Der Weg zur besuchten Schule ist kürzer als der zur nächstgelegenen. Welche Schule ist die nächstgelegene?",
    "The way to the school attended is shorter than the way to the nearest one. Which school is the nearest?",
)  # fmt: skip


def distance(facts: Facts, law: Law, applied: Limit) -> Finding:
    """Strictly longer than the limit, unrounded, to the nearest school. NRW: § 5 Abs. 2, § 7 Abs. 1, § 9 SchfkVO.

    The way to the school attended is looked at as well: where the two contradict each other and the answer depends
    on it, a person must look. A longer way therefore never makes the outcome worse.
    """
    basis = law.basis(applied.parameter)
    if applied.metres is None:
        return question("distance", basis, *WHICH_LIMIT, family=to_family.WE_LOOK)
    attended, nearest = facts.distance_m, facts.nearest_distance_m
    counts = is_assigned(facts, law) or has_own_branch(facts, law)
    if counts or facts.nearest_refusal_proven or (nearest is None and facts.attends_nearest):
        nearest = attended
    known = [each for each in (attended, nearest) if each is not None]
    if law.engine > 2 and facts.attends_nearest and _on_two_sides(known, applied.metres):
        return question("distance", basis, *WHICH_WAY, family=to_family.WE_MEASURE)
    if nearest is not None and nearest <= applied.metres and (attended is None or attended > applied.metres):
        if law.engine > 3 and facts.attends_nearest is None and not facts.nearest_refusal_proven:
            return _missing(facts, basis)  # were this school the nearest, the two ways would contradict each other
        if law.engine > 3 and facts.attends_nearest and attended is None:
            return _missing(facts, basis)
        return _short(nearest, applied.metres, basis, to_nearest=not facts.attends_nearest)
    if known and all(each <= applied.metres for each in known):
        return _short(min(known), applied.metres, basis, to_nearest=not facts.attends_nearest)
    if attended is None or nearest is None or (facts.attends_nearest is None and not counts):
        return _missing(facts, basis)
    if attended <= applied.metres:
        return question("distance", basis, *WHICH_SCHOOL, family=to_family.WE_MEASURE)
    german, english = texts.metres(nearest, applied.metres)
    limit_german, limit_english = texts.limit(applied.metres)
    return met(
        "distance", basis,
        f"Der kürzeste Fußweg ist {german} lang und damit länger als {limit_german}.",
        f"The shortest walk is {english} long, which is more than {limit_english}.",
    )  # fmt: skip


def _on_two_sides(lengths: list[float], limit_metres: int) -> bool:
    return len({each > limit_metres for each in lengths}) == 2


def _short(metres: float, limit_metres: int, basis: str, *, to_nearest: bool) -> Finding:
    german, english = texts.metres(metres, limit_metres)
    limit_german, limit_english = texts.limit(limit_metres)
    to = (" zur nächstgelegenen Schule", " to the nearest school") if to_nearest else ("", "")
    return not_met(
        "distance", basis,
        f"Der kürzeste Fußweg{to[0]} ist {german} lang. Er ist damit nicht länger als {limit_german}.",
        f"The shortest walk{to[1]} is {english} long, which is not more than {limit_english}.",
    )  # fmt: skip


def _missing(facts: Facts, basis: str) -> Finding:
    if facts.distance_m is None:
        return question(
            "distance", basis,
            "Wie lang ist der kürzeste Fußweg von der Haustür bis zum nächsten Eingang des Schulgrundstücks?",
            "How long is the shortest walk from the front door to the nearest entrance of the school grounds?",
            family=to_family.WE_MEASURE,
        )  # fmt: skip
    if facts.attends_nearest is None:
        return nearest_unknown(basis)
    return question(
        "nearest_school", basis,
        "Wie lang ist der kürzeste Fußweg zur nächstgelegenen Schule der gewählten Schulform?",
        "How long is the shortest walk to the nearest school of the chosen form?",
        family=to_family.WE_MEASURE,
    )  # fmt: skip


def nearest_unknown(basis: str) -> Finding:
    """Asked where nobody has said whether the school attended is the nearest."""
    return question(
        "nearest_school", basis,
        "Besucht das Kind die nächstgelegene Schule der gewählten Schulform?",
        "Does the child attend the nearest school of the chosen form?",
        family=to_family.WE_MEASURE,
    )  # fmt: skip
