"""What rule sets of earlier engines did not name, for the law had it in its code. Read where a rule set names none."""

from typing import Final

from shared.working_days import OF_NRW

from eligibility.rules.rule_set.rule_set import Law

# Before engine 3

STATE: Final = ("Nordrhein-Westfalen", "North Rhine-Westphalia")
"""They were all of this state."""
BASIS_OF_CONTRADICTIONS: Final = "§ 24 VwVfG NRW"
BASIS_OF_PRIVATE_SCHOOLS: Final = "§ 17 SchfkVO"


def private_schools_alike(law: Law) -> bool:
    """The preset's name decided, so that a rule set on top of it was silent."""
    return law.rules_version.split(" ", 1)[0] == "nrw"


# Before engine 6

UPPER_BRANCH_FORMS: Final = ["BK", "FW", "GE", "GY", "HI", "SB", "SG", "WF"]
"""Forms in whose upper level branches are asked about, where a rule set asks about branches at all."""
HOLIDAYS: Final = list(OF_NRW)
"""Those with a deadline were of this state."""
