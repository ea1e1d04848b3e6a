"""One decision from given facts, sharp at the limit. Pure: the same facts and rules give the same answer, byte for byte."""

from dataclasses import replace
from datetime import date

from eligibility.rules import to_family
from eligibility.rules.both_homes import by_both_homes
from eligibility.rules.evaluation import Evaluation
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, question
from eligibility.rules.law import claims, scope, way
from eligibility.rules.law.applicant import applicant
from eligibility.rules.law.before import evaluation as before
from eligibility.rules.law.contradictions import Contradictions, contradictions
from eligibility.rules.law.cost import Cost, cost
from eligibility.rules.law.nearest import nearest_school
from eligibility.rules.law.nothing_to_bear import nothing_to_bear_in_doubt
from eligibility.rules.law.texts import school_year as say
from eligibility.rules.law.transport import Carriage, carriage
from eligibility.rules.law.validity import period, validity
from eligibility.rules.open_facts import asked_before_refusal
from eligibility.rules.partly_known import agree_on, partly_known, possible_births
from eligibility.rules.rule_set.own_conditions import OwnConditions
from eligibility.rules.rule_set.rule_set import Law, Rules


def evaluate(facts: Facts, rules: Rules) -> Evaluation:
    """Decide.

    1. Find the law of the school year.
    2. Conditions, all of which must hold: applicant, residence, school, course, deadline, a level that is covered,
       income; facts that contradict each other are asked for.
    3. Grounds, one of which must hold: the distance; where it does not suffice, what else is claimed, and what the
       authority grants of its own.
    4. Kind of transport, cost and own share, period; where there is no cost to bear, nothing is granted.
    5. Refused if a condition fails or no ground is left, whatever the open questions would bring, and however what
       nobody has told is answered; else review if a question is open; else granted.
    """
    # 1.
    law = rules.law(facts.school_year) if facts.school_year is not None else None
    if law is None:
        return _without_law(facts, rules)
    if known := partly_known(facts):
        return agree_on([_by_track(each, law) for each in possible_births(facts)], len(known))
    return _by_track(facts, law)


def _by_track(facts: Facts, law: Law) -> Evaluation:
    found = _as_told(facts, law)
    if found.outcome != "refused" or not law.does.try_every_answer:
        return found
    asked = asked_before_refusal(facts, law, lambda one: _as_told(one, law).outcome == "refused")
    return _asking(found, asked) if asked else found


def _as_told(facts: Facts, law: Law) -> Evaluation:
    either = law.does.decide_both_tracks and way.either_track(facts, law)
    found = _by_either_track(facts, law) if either else _by_law(facts, law)
    return by_both_homes(facts, law, found, lambda one: _as_told(one, law)) if facts.second_home else found


def _asking(refused: Evaluation, asked: list[Finding]) -> Evaluation:
    """In place of a refusal that would not stand by every answer; what it rested on is no reason yet."""
    rest = (each for each in refused.reasons if not (each.result == "not_met" and each.rule in refused.decided_by))
    reasons = (*asked, *(each for each in rest if each.rule not in _rules(asked)))
    limit_m = None if any(each.rule == "limit" for each in asked) else refused.limit_m
    return replace(refused, outcome="review", limit_m=limit_m, reasons=reasons, decided_by=_rules(asked), firm=False)


def _by_law(facts: Facts, law: Law) -> Evaluation:
    # 2.
    applied = way.limit(facts, law)
    own = OwnConditions(facts, law)
    contradicting = contradictions(facts, law)
    conditions = _conditions(facts, law, applied, [*contradicting.questions, *own.reviews()])
    # 3.
    grounds = [way.distance(facts, law, applied)]
    if grounds[0].result == "met":  # else asked among the grounds: a boarding school is seldom far from its beds
        conditions += claims.assess_boarding(facts, law)
    else:
        grounds += claims.grounds(facts, law, applied.metres)
        if not any(each.result == "met" for each in grounds):
            grounds += own.grounds()
    # 4.
    carried = carriage(facts, law, applied.level)
    if any(each.result == "met" for each in grounds):
        borne, held = cost(facts, law, carried, own), period(facts, law)
        findings = (*carried.findings, *borne.findings, *([held] if held else []))
        borne = Cost(findings, borne.own_share_cents, borne.covered_cents, borne.changes)
        if law.does.doubt_nothing_to_bear:
            borne = nothing_to_bear_in_doubt(facts, law, applied.metres, carried, grounds=grounds, borne=borne)
    else:
        borne = Cost((), None) if law.does.cost_grants_only else before.refusing_cost(cost(facts, law, carried, own))
    # 5.
    return _conclude(
        law,
        conditions,
        grounds,
        borne,
        limit_m=applied.metres,
        nearest=nearest_school(facts, law),
        contradicting=contradicting,
        carried=carried,
        valid=validity(facts, law),
    )


def _conditions(facts: Facts, law: Law, applied: way.Limit, asked: list[Finding]) -> list[Finding]:
    found = (
        applicant(facts, law),
        scope.residence(facts, law),
        scope.bearer(facts, law),
        scope.school(facts, law),
        scope.private_school(facts, law),
        scope.course(facts, law),
        scope.deadline(facts, law),
        # asked once: a form that is not known has been asked for above
        applied.finding if facts.school is not None and facts.school.form is not None else None,
        scope.income(facts, law, applied.level or ""),
        *asked,
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
    contradicting: Contradictions,
    carried: Carriage,
    valid: tuple[date, date],
) -> Evaluation:
    doubted = contradicting.left_open
    failed = [each for each in conditions if each.result == "not_met" and each.rule not in doubted]
    firm = bool(failed)
    failed += [each for each in borne.findings if each.result == "not_met" and each.rule not in doubted]
    if not failed and not contradicting.level_in_doubt and all(each.result == "not_met" for each in grounds):
        failed = list(grounds)
    reached = [each for each in grounds if each.result == "met"]
    settled = reached or grounds  # once one ground holds, the others need no answer
    ordered = [*conditions, *([nearest] if nearest else []), *settled, *borne.findings]
    questions = [each for each in ordered if each.result == "question"]
    if failed:
        if law.does.refuse_by_what_failed:
            ordered = [each for each in ordered if each not in borne.findings or each in failed]
        reasons = tuple(each for each in ordered if not (each.result == "not_met" and each.rule in doubted))
        return _refuse(law, limit_m, reasons, failed, firm=firm)
    if questions:
        return _ask(law, limit_m, ordered, _once(questions))
    reasons, decided_by = _granting(ordered, grounds), _rules(reached)
    return _grant(law, limit_m, borne, reasons, decided_by, carried, valid)


def _refuse(
    law: Law, limit_m: int | None, reasons: tuple[Finding, ...], failed: list[Finding], *, firm: bool
) -> Evaluation:
    """Questions that are open decide nothing any more."""
    said = tuple(each for each in reasons if each.result != "question")
    return Evaluation(
        "refused", limit_m, None, None, said, law.rules_version, _rules(failed), engine=law.engine, firm=firm
    )


def _ask(law: Law, limit_m: int | None, ordered: list[Finding], questions: list[Finding]) -> Evaluation:
    """The questions first."""
    reasons = (*questions, *(each for each in ordered if each.result != "question"))
    return Evaluation("review", limit_m, None, None, reasons, law.rules_version, _rules(questions), engine=law.engine)


def _grant(  # noqa: PLR0917  # all that a grant says
    law: Law,
    limit_m: int | None,
    borne: Cost,
    reasons: tuple[Finding, ...],
    decided_by: frozenset[str],
    carried: Carriage,
    valid: tuple[date, date],
) -> Evaluation:
    if not law.does.say_days_and_transport:
        return before.grant(law, limit_m, borne, reasons, decided_by)
    return Evaluation(
        "granted",
        limit_m,
        borne.own_share_cents,
        borne.covered_cents,
        reasons,
        law.rules_version,
        decided_by,
        own_share_changes=borne.changes,
        transport=carried.kind,
        valid=valid,
        engine=law.engine,
        allowance_cents=carried.allowance_cents,
        kilometre_cents=carried.kilometre_cents,
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


def _by_either_track(facts: Facts, law: Law) -> Evaluation:
    """EF without a track: asked only where the answer decides. Where the longer limit is exceeded, or the shorter one is
    not, both tracks come to the same."""
    nine, eight = (_by_law(facts.model_copy(update={"track": each}), law) for each in ("GY9", "GY8"))
    if nine.outcome != eight.outcome or nine.outcome == "review" or not _alike(nine, eight):
        return _by_law(facts, law)
    shown = nine if nine.outcome == "granted" or nine.firm else eight
    limits = sorted(each for each in (nine.limit_m, eight.limit_m) if each is not None)
    reasons = tuple(way.said_of_either(each, law, limits) if each.rule == "limit" else each for each in shown.reasons)
    return replace(shown, reasons=reasons)


def _alike(one: Evaluation, other: Evaluation) -> bool:
    """Apart from the limit and the words."""
    without = {"limit_m": None, "reasons": ()}
    return replace(one, **without) == replace(other, **without)  # type: ignore[arg-type]


def _rules(findings: list[Finding]) -> frozenset[str]:
    return frozenset(each.rule for each in findings)


def _without_law(facts: Facts, rules: Rules) -> Evaluation:
    if facts.school_year is None:
        said, family = say.WHICH_SCHOOL_YEAR, to_family.SCHOOL_YEAR
    else:
        said, family = say.no_law(facts.school_year), to_family.WE_LOOK
    asked = question("school_year", rules.rule_set.law, *said, family=family)
    return Evaluation("review", None, None, None, (asked,), rules.version, frozenset({"school_year"}))
