"""In which words earlier engines gave their reasons."""

from eligibility.rules import texts
from eligibility.rules.law.texts import Said

# Before engine 5


def year_of_school(grade: str) -> Said:
    """Every year was a Klasse, also an EF and the year of a course."""
    said = grade.lstrip("0")
    return f"Klasse {said}", f"grade {said}"


def enough_weeks(weeks: float, least: int) -> Said:
    """Of health reasons that are proven: of the child, also to a pupil of age.

    Args:
        least: weeks that are too few.
    """
    german, english = texts.weeks(weeks)
    return (
        f"Das Kind ist nach ärztlichem Attest für {german} Wochen, also länger als {least} Wochen, auf ein Verkehrsmittel angewiesen.",
        f"By medical certificate the child needs transport for {english} weeks, which is longer than {least} weeks.",
    )


COMPARISON_BY_LENGTH = (
    " Das Gesetz vergleicht nach Aufwand; verglichen wurde nach der Länge des Weges.",
    " The law compares by cost; the comparison was made by distance.",
)


def free_by(benefit: str) -> Said:
    """Of a benefit, by the letters of its law."""
    return f"Wegen {benefit} ist kein Eigenanteil zu zahlen.", f"Because of {benefit} no own share is to be paid."


HOME_IN_THE_AREA = "Das Kind wohnt im Gebiet dieses Trägers.", "The child lives in this authority's area."
HOME_ELSEWHERE = (
    "Zuständig ist der Träger der Schülerbeförderung am Wohnort; das Kind wohnt nicht in diesem Gebiet.",
    "The authority of the place of residence bears the cost; the child does not live in this area.",
)
HOME_PRESUMABLY_HERE = (
    "Zuständig ist der Träger der Schülerbeförderung am Wohnort; es wird davon ausgegangen, dass das Kind hier wohnt.",
    "The authority of the place of residence bears the cost; it is presumed that the child lives here.",
)


NO_ESCORT_YET = (
    "Für eine Begleitperson wird nichts übernommen, solange nicht nachgewiesen ist, dass sie nötig ist.",
    "Nothing is borne for an escort until it is shown that one is needed.",
)
