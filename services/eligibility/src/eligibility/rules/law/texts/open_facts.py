"""What is asked before a refusal, of facts that nobody has told or that are known in part."""

TRACK_OF_YEAR_10 = (
    "Ist die Klasse 10 Teil des acht- oder des neunjährigen Bildungsgangs (G8 oder G9)? Davon hängt die Entfernungsgrenze ab.",
    "Is this grade 10 part of the eight-year or the nine-year course (G8 or G9)? The distance limit depends on it.",
)
COURSE = (
    "Vom Bildungsgang am Berufskolleg ist nicht alles bekannt, und hier kommt es darauf an: Welche Anlage (A bis E) der "
    "Ausbildungs- und Prüfungsordnung ist es, wird er in Vollzeit oder in Teilzeit besucht, und ist es eine Bezirksfachklasse?",
    "Not everything is known of the course at the Berufskolleg, and here it matters: which annex (A to E) of the training "
    "regulation is it, is it attended full time or part time, and is it a district class (Bezirksfachklasse)?",
)
BIRTH_DATE = (
    "Von einem Geburtsdatum ist nur das Jahr oder der Monat bekannt, und hier kommt es auf den Tag an: Wie alt ist das "
    "Kind, und in welcher Reihenfolge sind die Geschwister geboren?",
    "Of a birth date only the year or the month is known, and here the day matters: how old is the child, and in which "
    "order were the siblings born?",
)
