"""What the law says of the way to school: level, limit, and length."""

from eligibility.rules import texts
from eligibility.rules.law.texts import Said
from eligibility.rules.rule_set.rule_set import Level

# Level and limit

LEVELS: dict[Level, Said] = {
    "primary": ("Primarstufe", "primary level"),
    "lower": ("Sekundarstufe I", "lower secondary level"),
    "upper": ("Sekundarstufe II", "upper secondary level"),
}
WHICH_SCHOOL_FORM = "Welche Schulform besucht das Kind?", "Which form of school does the child attend?"
WHICH_GRADE = "Welche Klasse oder Stufe besucht das Kind?", "Which grade does the child attend?"
WHICH_TRACK = (
    "Ist die EF Teil des acht- oder des neunjährigen Bildungsgangs (G8 oder G9)? Davon hängt die Entfernungsgrenze ab.",
    "Is this EF part of the eight-year or the nine-year course (G8 or G9)? The distance limit depends on it.",
)
WHICH_LIMIT_HERE = "Welche Entfernungsgrenze gilt hier?", "Which distance limit applies here?"


def no_such_grade(grade: str, form: str) -> Said:
    """Of a grade that a form of school does not have."""
    return (
        f"Die Klasse {grade} gibt es an der Schulform {form} nicht. Welche Klasse an welcher Schule besucht das Kind?",
        f"There is no grade {grade} at this form of school ({form}). Which grade of which school does the child attend?",
    )


def in_year(form: str, year: Said) -> Said:
    """Where the pupil learns: the form of school, and the year."""
    return f"{form}, {year[0]}", f"{form}, {year[1]}"


def in_year_10_of_eight(form: str) -> Said:
    """Year 10 of the eight-year course, its EF."""
    return f"{form}, Jahrgang 10 des achtjährigen Bildungsgangs", f"{form}, year 10 of the eight-year course"


def in_ef_of_nine(form: str) -> Said:
    """The EF of the nine-year course."""
    return f"{form}, EF im neunjährigen Bildungsgang", f"{form}, EF of the nine-year course"


def in_grade_10(form: str) -> Said:
    """Year 10 of the nine-year course."""
    return f"{form}, Klasse 10", f"{form}, grade 10"


def at_level(where: Said, level: Level) -> Said:
    """The same, with its level."""
    german, english = LEVELS[level]
    return f"{where[0]} ({german})", f"{where[1]} ({english})"


def level_outside_scope(where: Said, level: Level) -> Said:
    """Of a level for which the law bears nothing."""
    german, english = LEVELS[level]
    return (
        f"Für die {german} ({where[0]}) werden keine Fahrkosten übernommen.",
        f"Travel costs are not borne at {english} ({where[1]}).",
    )


def limit(where: Said, metres: int) -> Said:
    """The limit that applies."""
    german, english = texts.limit(metres)
    return (
        f"{where[0]}: Der Schulweg muss länger als {german} sein.",
        f"{where[1]}: the way to school must be longer than {english}.",
    )


def limits_of_both_tracks(eight_metres: int, nine_metres: int) -> Said:
    """Of an EF whose track is not known, where both come to the same."""
    (low, low_english), (high, high_english) = texts.limit(eight_metres), texts.limit(nine_metres)
    return (
        f"EF: Der Schulweg muss im achtjährigen Bildungsgang länger als {low} sein, im neunjährigen länger als {high}; hier kommt beides zum selben Ergebnis.",
        f"EF: the way to school must be longer than {low_english} in the eight-year course, and longer than {high_english} in the nine-year course; here both come to the same.",
    )


# Length

WHICH_LIMIT = "Welche Entfernungsgrenze gilt?", "Which distance limit applies?"
WHICH_WAY = (
    "Die besuchte Schule soll die nächstgelegene sein, angegeben sind aber zwei Wege, einer über und einer unter der Grenze. Welcher stimmt?",
    "The school attended is said to be the nearest, but two ways are given, one above the limit and one below. Which is right?",
)
WHICH_SCHOOL = (
    "Der Weg zur besuchten Schule ist kürzer als der zur nächstgelegenen. Welche Schule ist die nächstgelegene?",
    "The way to the school attended is shorter than the way to the nearest one. Which school is the nearest?",
)
HOW_LONG = (
    "Wie lang ist der kürzeste Fußweg von der Haustür bis zum nächsten Eingang des Schulgrundstücks?",
    "How long is the shortest walk from the front door to the nearest entrance of the school grounds?",
)
HOW_LONG_TO_NEAREST = (
    "Wie lang ist der kürzeste Fußweg zur nächstgelegenen Schule der gewählten Schulform?",
    "How long is the shortest walk to the nearest school of the chosen form?",
)
IS_IT_THE_NEAREST = (
    "Besucht das Kind die nächstgelegene Schule der gewählten Schulform?",
    "Does the child attend the nearest school of the chosen form?",
)


def longer(metres: float, limit_metres: int) -> Said:
    """The way exceeds the limit."""
    (german, english), (limit_german, limit_english) = texts.metres(metres, limit_metres), texts.limit(limit_metres)
    return (
        f"Der kürzeste Fußweg ist {german} lang und damit länger als {limit_german}.",
        f"The shortest walk is {english} long, which is more than {limit_english}.",
    )


def not_longer(metres: float, limit_metres: int, *, to_nearest: bool) -> Said:
    """The way does not exceed the limit.

    Args:
        to_nearest: said where another school than the one attended is meant.
    """
    (german, english), (limit_german, limit_english) = texts.metres(metres, limit_metres), texts.limit(limit_metres)
    to = (" zur nächstgelegenen Schule", " to the nearest school") if to_nearest else ("", "")
    return (
        f"Der kürzeste Fußweg{to[0]} ist {german} lang. Er ist damit nicht länger als {limit_german}.",
        f"The shortest walk{to[1]} is {english} long, which is not more than {limit_english}.",
    )
