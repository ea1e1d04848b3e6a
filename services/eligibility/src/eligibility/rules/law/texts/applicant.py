"""What the law says of whoever applies."""

from eligibility.rules.law.texts import Said

POWER_OF_ATTORNEY = (
    "Liegt eine Vollmacht der Sorgeberechtigten oder der volljährigen Person vor?",
    "Is there a power of attorney by the guardians, or by the pupil who is of age?",
)
WHEN_BORN = "Wann ist das Kind geboren?", "When was the child born?"
PUPIL_OF_AGE = (
    "Die Schülerin oder der Schüler ist volljährig: Stellt sie oder er den Antrag selbst, oder liegt eine Vollmacht vor?",
    "The pupil is of age: does the pupil apply, or is there a power of attorney?",
)
PUPIL_UNDER_AGE = (
    "Die Schülerin oder der Schüler ist minderjährig: Stimmen die Sorgeberechtigten dem Antrag zu?",
    "The pupil is a minor: do the guardians agree to the application?",
)


def applies(*, pupil: bool) -> Said:
    """Who makes the application: the pupil, or a guardian."""
    german = "volljährige Schülerin oder der volljährige Schüler selbst" if pupil else "sorgeberechtigte Person"
    english = "the pupil, who is of age" if pupil else "a guardian"
    return f"Den Antrag stellt die {german}.", f"The application is made by {english}."
