"""What is asked where no law of a school year can be found."""

from eligibility.rules.law.texts import Said

WHICH_SCHOOL_YEAR = (
    "Für welches Schuljahr wird die Übernahme beantragt?",
    "For which school year is the application made?",
)


def no_law(school_year: str) -> Said:
    """Of a school year that the rule set does not reach."""
    return (
        f"Für das Schuljahr {school_year} enthält dieser Regelsatz kein Recht. Welche Regeln gelten?",
        f"This rule set holds no law for the school year {school_year}. Which rules apply?",
    )
