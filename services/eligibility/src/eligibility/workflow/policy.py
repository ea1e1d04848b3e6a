"""How an authority decides: what its rule set in force chooses, and, where that is silent, what its settings say. Pure.

The only place where the two meet. The rule set is the one whose version the decision names, so that what was chosen
then can be looked up for good; the settings hold for authorities that decide by a preset.
"""

from dataclasses import dataclass

from eligibility.domain.authority import Authority, Release
from eligibility.domain.decision import FinalOutcome
from eligibility.rules import Rules
from eligibility.rules.rule_set.choices import Choices


@dataclass(frozen=True)
class Practice:
    release_by_person: Release
    """What a person must release before it goes out."""
    review_band_m: float
    """Within so many metres of a limit, a person looks."""
    rules: Rules
    """In force: the version that the decision names."""

    @property
    def choices(self) -> Choices:
        return self.rules.rule_set.choices

    def releases_itself(self, outcome: FinalOutcome) -> bool:
        """Whether the machine may let this outcome out."""
        if self.release_by_person == "nothing":
            return True
        return self.release_by_person == "refusals" and outcome == "granted"


def practice(authority: Authority, rules: Rules) -> Practice:
    """Of this authority, by these rules. A band of 0 m is a choice too."""
    choices = rules.rule_set.choices
    band = choices.review_band_m
    return Practice(
        release_by_person=choices.release_by_person or authority.release_by_person,
        review_band_m=authority.review_band_m if band is None else band,
        rules=rules,
    )
