"""What the law says of whom and what it covers: residence, school, course, deadline, income."""

from datetime import date

from eligibility.rules import texts
from eligibility.rules.law.texts import Said

# Residence


def lives_in(state: Said) -> Said:
    """Of a residence that is not known."""
    return (
        f"Wohnt das Kind in {state[0]} oder hält es sich dort gewöhnlich auf?",
        f"Does the child live in {state[1]}, or habitually stay there?",
    )


def stays_in(state: Said) -> Said:
    """Of a child with a home elsewhere and a second one, or a bed at a boarding school."""
    return (
        f"Angegeben ist, dass das Kind nicht in {state[0]} wohnt, aber auch eine zweite Wohnung oder ein Internat hat: Hält es sich gewöhnlich in {state[0]} auf?",
        f"The child is said not to live in {state[1]}, but also to have a second home or a boarding school: does it habitually stay in {state[1]}?",
    )


def only_of(state: Said) -> Said:
    """Of a home in another state."""
    return (
        f"Fahrkosten werden nur für Schülerinnen und Schüler übernommen, die in {state[0]} wohnen.",
        f"Travel costs are borne only for pupils who live in {state[1]}.",
    )


def home_in(state: Said) -> Said:
    """Of a home in the state."""
    return f"Die Wohnung liegt in {state[0]}.", f"The home is in {state[1]}."


STAYS_IN_THE_AREA = (
    "Das Kind hat auch eine zweite Wohnung oder ein Internat: Hält es sich gewöhnlich im Gebiet dieses Trägers auf?",
    "The child also has a second home or a boarding school: does it habitually stay in this authority's area?",
)
HOME_IN_THE_AREA = "Die Wohnung liegt im Gebiet dieses Trägers.", "The home is in this authority's area."
HOME_ELSEWHERE = (
    "Zuständig ist der Träger der Schülerbeförderung am Wohnort; die Wohnung liegt nicht in diesem Gebiet.",
    "The authority of the place of residence bears the cost; the home is not in this area.",
)
HOME_PRESUMABLY_HERE = (
    "Zuständig ist der Träger der Schülerbeförderung am Wohnort; es wird davon ausgegangen, dass die Wohnung hier liegt.",
    "The authority of the place of residence bears the cost; it is presumed that the home is here.",
)

# School

WHICH_SCHOOL_FORM = "Welche Schulform besucht das Kind?", "Which form of school does the child attend?"
PRIVATE_SCHOOLS_ALIKE = (
    "Für Ersatzschulen in freier Trägerschaft gelten dieselben Voraussetzungen.",
    "The same conditions apply to approved private schools.",
)


def form_outside_scope(form: str) -> Said:
    """Of a form of school for which the law bears nothing."""
    return (
        f"Die Schulform {form} gehört nicht zu den Schulen, für die Fahrkosten übernommen werden.",
        f"Travel costs are not borne for this form of school ({form}).",
    )


def form_within_scope(form: str) -> Said:
    """Of a form of school that is covered."""
    return (
        f"Die Schulform {form} gehört zu den Schulen, für die Fahrkosten übernommen werden.",
        f"This form of school ({form}) is one for which travel costs are borne.",
    )


# Course

DISTRICT_CLASS = (
    "Besucht wird eine Bezirksfachklasse: Übernommen wird, was einen zumutbaren Eigenanteil übersteigt.",
    "The class is a district class (Bezirksfachklasse): costs above a reasonable own share are borne.",
)
IS_IT_FULL_TIME = (
    "Wird der Bildungsgang am Berufskolleg in Vollzeit besucht, oder ist es eine Bezirksfachklasse?",
    "Is the course at the Berufskolleg attended full time, or is it a district class (Bezirksfachklasse)?",
)
IS_IT_A_DISTRICT_CLASS = (
    "Ist die Fachklasse eine Bezirksfachklasse (bezirksübergreifend gebildet)?",
    "Is the class a district class (Bezirksfachklasse)?",
)
NOT_IN_PART_TIME = (
    "Am Berufskolleg werden Fahrkosten nur für Bildungsgänge in Vollzeit und für Bezirksfachklassen übernommen.",
    "At a Berufskolleg, travel costs are borne only for full-time courses and for district classes.",
)
AFTER_TRAINING = (
    "Der Bildungsgang setzt eine abgeschlossene Berufsausbildung voraus; dafür werden keine Fahrkosten übernommen.",
    "The course requires a finished vocational training; travel costs are not borne for it.",
)
WHICH_ANNEX = (
    "Welcher Anlage (A bis E) der Ausbildungs- und Prüfungsordnung gehört der Bildungsgang an?",
    "To which annex (A to E) of the training regulation does the course belong?",
)
IS_IT_AFTER_TRAINING = (
    "Setzt der Bildungsgang der Fachschule eine abgeschlossene Berufsausbildung voraus "
    "(nicht: Sozialpädagogik, Heilerziehungspflege)?",
    "Does the course at the Fachschule require a finished vocational training "
    "(not so: social pedagogy, special-needs care)?",
)
FULL_TIME = (
    "Der Bildungsgang am Berufskolleg wird in Vollzeit besucht.",
    "The course at the Berufskolleg is attended full time.",
)

# Deadline


def too_late(applied: date, school_year: str, last: date) -> Said:
    """Of an application after the last day."""
    (german, english), (last_german, last_english) = texts.day(applied), texts.day(last)
    return (
        f"Der Antrag vom {german} kam zu spät: Für das Schuljahr {school_year} war er bis zum {last_german} zu stellen.",
        f"The application of {english} came too late: for the school year {school_year} the deadline was {last_english}.",
    )


def in_time(applied: date, last: date) -> Said:
    """Of an application within the time."""
    (german, english), (last_german, last_english) = texts.day(applied), texts.day(last)
    return (
        f"Der Antrag vom {german} ist rechtzeitig (Frist: {last_german}).",
        f"The application of {english} is in time (deadline: {last_english}).",
    )


# Income

IS_INCOME_WITHIN_THE_LIMIT = (
    "Liegt das Einkommen der Familie innerhalb der Einkommensgrenze?",
    "Is the family's income within the limit?",
)
INCOME_ABOVE_THE_LIMIT = "Das Einkommen liegt über der Einkommensgrenze.", "The income is above the limit."
INCOME_WITHIN_THE_LIMIT = "Das Einkommen liegt innerhalb der Einkommensgrenze.", "The income is within the limit."
