"""What the law says of afternoon lessons and of places of teaching outside the school."""

from shared.errors import Text

from eligibility.rules import texts
from eligibility.rules.law.texts import Said

IS_IT_WALKED_TWICE = (
    "Muss der Schulweg an den meisten Schultagen wegen Vor- und Nachmittagsunterrichts ein zweites Mal gegangen werden?",
    "Must the way be walked a second time on most school days because of morning and afternoon lessons?",
)
TWICE_LONGER = Text(
    "Wegen Vor- und Nachmittagsunterrichts ist der Weg zweimal zu gehen: {way}, mehr als {limit}. Ein Schulweg gilt als notwendig.",
    "Because of morning and afternoon lessons the way is walked twice: {way}, more than {limit}. One way counts as necessary.",
)
TWICE_NOT_LONGER = Text(
    "Auch mit dem zweiten Weg am Nachmittag sind es {way}, nicht mehr als {limit}.",
    "Even with the second way in the afternoon it is {way}, not more than {limit}.",
)
PLACE_NOT_REQUIRED = (
    "Der andere Unterrichtsort ist nicht vom Lehrplan vorgeschrieben.",
    "The other place of teaching is not required by the curriculum.",
)
IS_PLACE_REQUIRED = (
    "Ist der andere Unterrichtsort (Praktikum) vorgeschrieben, und wie lang ist der kürzeste Fußweg dorthin?",
    "Is the other place of teaching (internship) required, and how long is the shortest walk to it?",
)


def place_not_farther(metres: float, limit_metres: int) -> Said:
    """The way to the place does not exceed the limit."""
    (german, english), (limit_german, limit_english) = texts.metres(metres, limit_metres), texts.limit(limit_metres)
    return (
        f"Der Weg zum anderen Unterrichtsort ist {german} lang, nicht mehr als {limit_german}.",
        f"The way to the other place of teaching is {english}, not more than {limit_english}.",
    )


def place_farther(metres: float, limit_metres: int) -> Said:
    """The way to the place exceeds the limit."""
    (german, english), (limit_german, limit_english) = texts.metres(metres, limit_metres), texts.limit(limit_metres)
    return (
        f"Der Weg zum vorgeschriebenen anderen Unterrichtsort ist {german} lang, mehr als {limit_german}.",
        f"The way to the other place of teaching, which is required, is {english}, more than {limit_english}.",
    )


def is_none_nearer(metres: float, limit_metres: int, farthest_metres: int) -> Said:
    """Of a place that lies farther away than what is borne."""
    german, english = texts.metres(metres, limit_metres)
    farthest_german, farthest_english = texts.limit(farthest_metres)
    return (
        f"Der Unterrichtsort ist {german} entfernt, weiter als {farthest_german}. Gibt es keinen näheren?",
        f"The place of teaching is {english} away, farther than {farthest_english}. Is there none nearer?",
    )
