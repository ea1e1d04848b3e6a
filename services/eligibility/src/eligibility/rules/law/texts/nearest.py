"""What the law says of the nearest school."""

from eligibility.rules.law.texts import Said

BY_ASSIGNMENT = (
    "Die besuchte Schule wurde von der Schulaufsicht als Förderort benannt und gilt als nächstgelegene.",
    "The school attended was named by the school supervision and counts as the nearest.",
)
OF_A_BRANCH = (
    "Die besuchte Schule hat den gewählten Bildungsweg, den die nähere Schule nicht anbietet, und gilt als nächstgelegene.",
    "The school attended has the branch that was chosen, which the nearer school does not offer, and counts as the nearest.",
)
NOTHING = "", ""
BY_LENGTH_FOR_COST = (
    " Maßgeblich ist der geringste Aufwand; er wurde hier nach der Länge des Weges beurteilt.",
    " What counts is the least cost; it was judged here by the length of the way.",
)


def of_kind(kind: Said) -> Said:
    """Of its kind (Schulart), behind the form of school."""
    return f" und Schulart ({kind[0]})", f" and kind ({kind[1]})"


def is_nearest(kind: Said, compared: Said) -> Said:
    """The school attended is the nearest.

    Args:
        compared: how that was found.
    """
    return (
        f"Die besuchte Schule ist die nächstgelegene der gewählten Schulform{kind[0]}.{compared[0]}",
        f"The school attended is the nearest of its form{kind[1]}.{compared[1]}",
    )


def is_not_nearest(kind: Said, compared: Said) -> Said:
    """A nearer one exists."""
    return (
        f"Die besuchte Schule ist nicht die nächstgelegene der gewählten Schulform{kind[0]}; maßgeblich ist der Weg zur nächstgelegenen.{compared[0]}",
        f"The school attended is not the nearest of its form{kind[1]}; the way to the nearest one counts.{compared[1]}",
    )
