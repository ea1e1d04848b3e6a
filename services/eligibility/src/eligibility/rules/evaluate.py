"""One decision from given facts, sharp at the limit. Pure: the same facts and rules give the same answer, byte for byte."""

from dataclasses import dataclass, field
from typing import Any, Literal

from eligibility.rules import claims, scope, way
from eligibility.rules.cost import Cost, cost
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, question
from eligibility.rules.rule_set import Law, Rules

Outcome = Literal["granted", "refused", "review"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the rules say, and why."""

    outcome: Outcome
    limit_m: int | None
    own_share_cents: int | None
    covered_cents: int | None
    """What the authority bears a month; None where the fare is not known, or nothing is granted."""
    reasons: tuple[Finding, ...]
    rules_version: str
    decided_by: frozenset[str] = field(default_factory=frozenset)
    """The rules on which the outcome rests: the grounds met, or the conditions not met, or the questions open."""

    def as_json(self) -> dict[str, Any]:
        """As `eligibility evaluate` prints it."""
        return {
            "outcome": self.outcome,
            "limit_m": self.limit_m,
            "own_share_cents": self.own_share_cents,
            "covered_cents": self.covered_cents,
            "reasons": [
                {
                    "rule": each.rule,
                    "result": each.result,
                    "legal_basis": each.legal_basis,
                    "text": each.text,
                    "text_en": each.text_en,
                }
                for each in self.reasons
            ],
            "rules_version": self.rules_version,
        }


def evaluate(facts: Facts, rules: Rules) -> Evaluation:
    """Decide.

    1. Find the law of the school year.
    2. Conditions, all of which must hold: residence, school, course, deadline, a level that is covered, income.
    3. Grounds, one of which must hold: the distance; where it does not suffice, what else is claimed.
    4. Cost and own share; where there is no cost to bear, nothing is granted.
    5. Refused if a condition fails or no ground is left, whatever the open questions would bring;
       else review if a question is open; else granted.
    """
    # 1.
    law = rules.law(facts.school_year) if facts.school_year is not None else None
    if law is None:
        return _without_law(facts, rules)
    # 2.
    applied = way.limit(facts, law)
    conditions = _conditions(facts, law, applied)
    # 3.
    grounds = [way.distance(facts, law, applied)]
    if grounds[0].result != "met":
        grounds += claims.grounds(facts, law, applied.metres)
    # 4.
    borne = cost(facts, law)
    if not any(each.result == "met" for each in grounds):  # then only "there is nothing to bear" matters
        borne = Cost(tuple(each for each in borne.findings if each.result == "not_met"), None)
    # 5.
    return _conclude(law, conditions, grounds, borne, limit_m=applied.metres, nearest=way.nearest_school(facts, law))


def _conditions(facts: Facts, law: Law, applied: way.Limit) -> list[Finding]:
    found = (
        scope.residence(facts, law),
        scope.school(facts, law),
        scope.private_school(facts, law),
        scope.course(facts, law),
        scope.deadline(facts, law),
        # asked once: a form that is not known has been asked for above
        applied.finding if facts.school is not None and facts.school.form is not None else None,
        scope.income(facts, law, applied.level or ""),
    )
    return [each for each in found if each is not None]


def _conclude(
    law: Law,
    conditions: list[Finding],
    grounds: list[Finding],
    borne: Cost,
    *,
    limit_m: int | None,
    nearest: Finding | None,
) -> Evaluation:
    failed = [each for each in conditions if each.result == "not_met"]
    failed += [each for each in borne.findings if each.result == "not_met"]
    if not failed and all(each.result == "not_met" for each in grounds):
        failed = list(grounds)
    reached = [each for each in grounds if each.result == "met"]
    settled = reached or grounds  # once one ground holds, the others need no answer
    ordered = [*conditions, *([nearest] if nearest else []), *settled, *borne.findings]
    questions = [each for each in ordered if each.result == "question"]
    if failed:
        reasons = tuple(each for each in ordered if each.result != "question")
        return Evaluation("refused", limit_m, None, None, reasons, law.rules_version, _rules(failed))
    if questions:
        rest = (each for each in ordered if each.result != "question")
        questions = _once(questions)
        return Evaluation("review", limit_m, None, None, (*questions, *rest), law.rules_version, _rules(questions))
    return Evaluation(
        "granted",
        limit_m,
        borne.own_share_cents,
        borne.covered_cents,
        _granting(ordered, grounds),
        law.rules_version,
        _rules(reached),
    )


def _granting(ordered: list[Finding], grounds: list[Finding]) -> tuple[Finding, ...]:
    """The reasons of a grant; a way that is too short is still named where another ground carries it."""
    missed = [each for each in grounds if each.rule == "distance" and each.result == "not_met"]
    place = next(index for index, each in enumerate(ordered) if each in grounds)
    return (*ordered[:place], *missed, *ordered[place:])


def _once(questions: list[Finding]) -> list[Finding]:
    """Without the limit, the distance asks for it again: only the first question that hangs together is put."""
    limit_asked = any(each.rule in ("limit", "school") for each in questions)
    return [each for each in questions if not (limit_asked and each.rule == "distance")]


def _rules(findings: list[Finding]) -> frozenset[str]:
    return frozenset(each.rule for each in findings)


def _without_law(facts: Facts, rules: Rules) -> Evaluation:
    if facts.school_year is None:
        text = "Für welches Schuljahr wird die Übernahme beantragt?", "For which school year is the application made?"
    else:
        text = (
            f"Für das Schuljahr {facts.school_year} enthält dieser Regelsatz kein Recht. Welche Regeln gelten?",
            f"This rule set holds no law for the school year {facts.school_year}. Which rules apply?",
        )
    asked = question("school_year", rules.rule_set.law, *text)
    return Evaluation("review", None, None, None, (asked,), rules.version, frozenset({"school_year"}))
