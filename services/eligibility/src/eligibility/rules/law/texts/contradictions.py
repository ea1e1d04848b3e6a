"""What is asked where facts contradict each other."""

from eligibility.rules.law.texts import Said

BIRTH_TOO_LATE = (
    "Das Geburtsdatum liegt nach dem Schuljahr. Wann ist das Kind geboren?",
    "The birth date is later than the school year. When was the child born?",
)
LEAVES_BEFORE_START = (
    "Das Kind verlässt die Schule vor dem gewünschten Beginn. Welche Tage stimmen?",
    "The child leaves the school before the wanted start. Which days are right?",
)
AGE_AND_GRADE = (
    "Das Geburtsdatum passt nicht zur Klasse. Wann ist das Kind geboren, und welche Klasse besucht es?",
    "The birth date does not fit the grade. When was the child born, and which grade does it attend?",
)
DISTRICT_CLASS_ELSEWHERE = (
    "Bezirksfachklassen gehören zum dualen System (Anlage A, Teilzeit oder Blockunterricht). Welcher Bildungsgang ist es?",
    "District classes belong to the dual system (annex A, part time or in blocks). Which course is it?",
)
YEAR_13 = (
    "Eine Klasse 13 gibt es im achtjährigen Bildungsgang (G8) nicht. Welche Stufe und welcher Bildungsgang sind es?",
    "There is no year 13 in the eight-year course (G8). Which year and which course is it?",
)


def age_and_form(form: str) -> Said:
    """Of a child that is too young for a form of school, or in a grade that it does not have."""
    return (
        f"Geburtsdatum oder Klasse passen nicht zur Schulform {form}. Wann ist das Kind geboren, und welche Schule und Klasse besucht es?",
        f"Birth date or grade do not fit this form of school ({form}). When was the child born, and which school and grade does it attend?",
    )


def no_eight_years(form: str) -> Said:
    """Of the eight-year course at a form of school that does not have it."""
    return (
        f"Einen achtjährigen Bildungsgang (G8) gibt es an der Schulform {form} nicht. Welche Schule und welcher Bildungsgang sind es?",
        f"There is no eight-year course (G8) at this form of school ({form}). Which school and which course is it?",
    )


def no_courses(form: str) -> Said:
    """Of a course at a form of school that has none."""
    return (
        f"Bildungsgänge der Anlagen A bis E gibt es am Berufskolleg, nicht an der Schulform {form}. Welche Schule ist es?",
        f"Courses of the annexes A to E exist at a Berufskolleg, not at this form of school ({form}). Which school is it?",
    )
