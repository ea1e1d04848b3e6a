"""What one person of an authority decides alone, and what waits for a second one: a choice of the authority. Pure.

No law of NRW was found that sets four eyes for these acts, and none that forbids them. The preset is what is hard to
undo for a family or meets many at once: a decision against the rules' own finding, and the rules themselves.
"""

from collections.abc import Collection
from typing import Literal

SecondPersonAct = Literal["override", "grant", "refusal", "rule_set", "revocation"]
"""override: a decision against what the rules found. grant, refusal: a person's in a case that the rules put to one.
rule_set: letting a rule set come into force. revocation: of a ticket, which then only who has not suspended it asks."""
PRESET: tuple[SecondPersonAct, ...] = ("override", "rule_set")


def waits_for_second(chosen: Collection[SecondPersonAct], outcome: str, *, against_rules: bool) -> bool:
    """Whether a person's decision waits, by what the authority has chosen."""
    act: SecondPersonAct = "grant" if outcome == "granted" else "refusal"
    return act in chosen or (against_rules and "override" in chosen)


__all__ = ["PRESET", "SecondPersonAct", "waits_for_second"]
