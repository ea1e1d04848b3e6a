"""Who may apply: a guardian, or the pupil once of age (NRW: §§ 11, 12, 14 VwVfG NRW, § 1629 BGB)."""

from datetime import date

from eligibility.rules import to_family
from eligibility.rules.facts import NO_PUPIL, Facts
from eligibility.rules.findings import Finding, met, question
from eligibility.rules.rule_set.rule_set import Law


def of_age(birth: date, years: int, day: date) -> bool:
    """Of age on that day; who was born on 29 February comes of age on 1 March (§ 187 Abs. 2, § 188 BGB: at the end of 28 February)."""
    return (day.year - birth.year, day.month, day.day) >= (years, birth.month, birth.day)


def applicant(facts: Facts, law: Law) -> Finding | None:
    """On the day of the application. Where nothing is said of it, it was settled when the application was taken."""
    if facts.applicant is None or not law.has("applicant.of_age"):
        return None
    basis, years = law.basis("applicant.of_age"), law.number("applicant.of_age")
    birth, day = (facts.pupil or NO_PUPIL).born, facts.application_date or law.begins
    if facts.applicant == "other" or years is None:
        return question(
            "applicant", basis, "Liegt eine Vollmacht der Sorgeberechtigten oder der volljährigen Person vor?",
            "Is there a power of attorney by the guardians, or by the pupil who is of age?",
            family=to_family.POWER_OF_ATTORNEY,
        )  # fmt: skip
    if birth is None:
        return question(
            "applicant", basis, "Wann ist das Kind geboren?", "When was the child born?", family=to_family.BIRTH_DATE
        )
    adult = of_age(birth, years, day)
    if adult == (facts.applicant == "pupil"):
        german = "volljährige Schülerin oder der volljährige Schüler selbst" if adult else "sorgeberechtigte Person"
        english = "the pupil, who is of age" if adult else "a guardian"
        return met("applicant", basis, f"Den Antrag stellt die {german}.", f"The application is made by {english}.")
    if adult:
        return question(
            "applicant", basis, "Die Schülerin oder der Schüler ist volljährig: Stellt sie oder er den Antrag selbst, oder liegt eine Vollmacht vor?",
            "The pupil is of age: does the pupil apply, or is there a power of attorney?",
            family=to_family.PUPIL_OF_AGE,
        )  # fmt: skip
    return question(
        "applicant", basis, "Die Schülerin oder der Schüler ist minderjährig: Stimmen die Sorgeberechtigten dem Antrag zu?",
        "The pupil is a minor: do the guardians agree to the application?",
        family=to_family.GUARDIANS_AGREE,
    )  # fmt: skip
