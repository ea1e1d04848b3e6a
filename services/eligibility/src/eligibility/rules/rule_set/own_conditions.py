"""What the authority's own conditions bring to a decision. They add to the law and never take from it."""

from eligibility.rules import to_family
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, met, note, question
from eligibility.rules.law.texts import own_conditions as say
from eligibility.rules.rule_set.choices import Condition
from eligibility.rules.rule_set.conditions import Answers
from eligibility.rules.rule_set.rule_set import Law


class OwnConditions:
    """The conditions in force for one case; each is asked once, and only when it matters."""

    def __init__(self, facts: Facts, law: Law) -> None:
        self._conditions = law.conditions
        self._facts, self._law = facts, law
        self._answers: Answers | None = None

    def grounds(self) -> list[Finding]:
        """Voluntary grounds that hold, or that need an answer."""
        return [
            met(f"own.{each.key}", each.legal_basis, each.text, each.text_en) if holds else _asking(each)
            for each, holds in self._of("grant")
        ]

    def reviews(self) -> list[Finding]:
        """Questions that the authority wants a person to answer."""
        return [
            question(f"own.{each.key}", each.legal_basis, each.text, each.text_en, family=to_family.WE_LOOK)
            for each, _ in self._of("review")
        ]

    def exemption(self) -> Finding | None:
        """From the own share: a note where one holds, a question where it depends on what is not known."""
        found = self._of("exempt")
        for each, holds in found:
            if holds:
                return note(f"own.{each.key}", each.legal_basis, each.text, each.text_en)
        return _asking(found[0][0]) if found else None

    def _of(self, effect: str) -> list[tuple[Condition, bool | None]]:
        """Those that hold, or are open (None)."""
        wanted = [each for each in self._conditions if each.effect == effect]
        if not wanted:
            return []
        if self._answers is None:  # what it costs to lay the facts out for the conditions is paid once, and only here
            self._answers = Answers(self._facts, self._law)
        answered = [(each, self._answers.holds(each.when)) for each in wanted]
        return [(each, holds) for each, holds in answered if holds is not False]


def _asking(condition: Condition) -> Finding:
    said = say.is_something_missing((condition.text, condition.text_en))
    return question(f"own.{condition.key}", condition.legal_basis, *said, family=to_family.WE_LOOK)
