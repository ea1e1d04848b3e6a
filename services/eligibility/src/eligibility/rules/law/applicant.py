"""Who may apply: a guardian, or the pupil once of age (NRW: §§ 11, 12, 14 VwVfG NRW, § 1629 BGB)."""

from datetime import date

from eligibility.rules import to_family
from eligibility.rules.facts import NO_PUPIL, Facts
from eligibility.rules.findings import Finding, met, question
from eligibility.rules.law.texts import applicant as say
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
        return question("applicant", basis, *say.POWER_OF_ATTORNEY, family=to_family.POWER_OF_ATTORNEY)
    if birth is None:
        return question("applicant", basis, *say.WHEN_BORN, family=to_family.BIRTH_DATE)
    adult = of_age(birth, years, day)
    if adult == (facts.applicant == "pupil"):
        return met("applicant", basis, *say.applies(pupil=adult))
    if adult:
        return question("applicant", basis, *say.PUPIL_OF_AGE, family=to_family.PUPIL_OF_AGE)
    return question("applicant", basis, *say.PUPIL_UNDER_AGE, family=to_family.GUARDIANS_AGREE)
