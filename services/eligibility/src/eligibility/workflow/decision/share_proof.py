"""A grant whose own share would be lower by what was told: what the family reads, and what a person is asked. Pure."""

from collections.abc import Sequence
from datetime import date

from eligibility.rules import Evaluation, Facts, Finding, Rules, evaluate, texts, to_prove
from eligibility.rules.facts import NO_PUPIL, SiblingFacts, UnprovenFacts
from eligibility.rules.findings import note, question
from eligibility.rules.law.claims_end import last_day_of_claims
from eligibility.rules.law.own_share import own_share
from eligibility.rules.partly_known import possible_births
from eligibility.rules.rule_set.rule_set import Law
from eligibility.workflow.decision.reductions import as_told
from eligibility.workflow.family.shares import Shares, share_on

PROOF = "share_proof"
"""The rule of the reason that says that the full share is set for now, what to send, and from when it is less then."""
UNPROVEN = "unproven"
BASIS = "§ 97 Abs. 3 SchulG NRW, § 2 Abs. 3 SchfkVO"


def more_than_the_share(facts: Facts, evaluation: Evaluation, rules: Rules) -> list[Finding]:
    """Questions, where more than the amount hangs on what is told and not proven: a condition of the authority's own
    may grant because of it, ask because of it, or free who has none of it."""
    if facts.unproven is None or evaluation.outcome == "review":
        return []
    told = evaluate(as_told(facts), rules)
    if told.outcome == "review":
        return [each for each in told.reasons if each.result == "question"]
    if told.outcome == evaluation.outcome and not _exceeds(shares_of(told), shares_of(evaluation)):
        return []
    return [question(
        UNPROVEN, "§ 24 VwVfG NRW",
        "Die Entscheidung hängt von Angaben zu Geschwistern oder Sozialleistungen ab: Was ist davon nachgewiesen?",
        "The decision depends on what was said of siblings or social benefits: what of it is proven?",
        family=to_prove.WHAT_IS_PROVEN,
    )]  # fmt: skip


def proof_note(facts: Facts, shares: Shares, rules: Rules) -> Finding | None:
    """Said with a grant whose share would be lower by what was told.

    Args:
        shares: what is set, each from a day on.
    """
    law = rules.law(facts.school_year) if facts.school_year is not None else None
    told = facts.unproven
    if told is None or law is None or not _lowers(facts, shares, law, rules):
        return None

    def lowers(alone: UnprovenFacts) -> bool:
        return _lowers(facts.model_copy(update={"unproven": alone}), shares, law, rules)

    freeing = [each for each in told.benefits or () if lowers(UnprovenFacts(benefits=(each,)))]
    by_benefits = bool(freeing) or lowers(UnprovenFacts(benefits=told.benefits))
    by_siblings = lowers(UnprovenFacts(siblings=told.siblings))
    both = not by_benefits and not by_siblings
    said = [SAID_FIRST]
    said += [_of_benefits(freeing or told.benefits)] if told.benefits and (by_benefits or both) else []
    said += _of_siblings(facts, told.siblings) if told.siblings and (by_siblings or both) else []
    said.append(_from_when(law))
    german, english = (" ".join(each) for each in zip(*said, strict=True))
    return note(PROOF, law.basis("own_share.by_rank_cents"), german, english)


def proven_note(benefits: Sequence[str], siblings: Sequence[SiblingFacts]) -> Finding:
    """Why the share is another from now on: said with it."""
    german, english = [], []
    if benefits:
        named = [texts.BENEFITS.get(each, (each, each)) for each in benefits]
        german.append(", ".join(each for each, _ in named))
        english.append(", ".join(each for _, each in named))
    if siblings:
        born, born_en = _born(siblings)
        german.append(f"das geförderte Ticket eines Geschwisterkinds (geboren {born})")
        english.append(f"the funded ticket of a sibling (born {born_en})")
    return note(
        "family", BASIS, f"Der Nachweis ist anerkannt: {' und '.join(german)}.",
        f"The proof is recognised: {' and '.join(english)}.",
    )  # fmt: skip


SAID_FIRST = (
    "Der Eigenanteil ist zunächst in voller Höhe festgesetzt, weil uns der Nachweis für eine Ermäßigung noch fehlt.",
    "The own share is set in full for now, because the proof for a reduction is still missing.",
)


def _of_benefits(told: Sequence[str]) -> tuple[str, str]:
    german, english = (
        ", ".join(each) for each in zip(*(texts.BENEFITS.get(one, (one, one)) for one in told), strict=True)
    )
    return (
        f"Angegeben ist: {german}. Bitte senden Sie uns den Bescheid darüber.",
        f"You told us of: {english}. Please send us the notice about it.",
    )


def _of_siblings(facts: Facts, told: Sequence[SiblingFacts]) -> list[tuple[str, str]]:
    pupil, said = facts.pupil or NO_PUPIL, []
    if funded := [each for each in told if each.funded]:
        german, english = _born(funded)
        said.append((
            f"Angegeben sind Geschwister mit gefördertem Ticket (geboren {german}). Haben Sie deren Ticket bei uns "
            "beantragt und dort auch dieses Kind genannt, ändern wir den Eigenanteil von selbst. Sonst senden Sie uns "
            "bitte deren Bewilligung.",
            f"You told us of siblings with a funded ticket (born {english}). If you applied to us for their tickets "
            "and named this child there too, we change the own share by ourselves. Else please send us their grant.",
        ))  # fmt: skip
    if unknown := [each for each in told if each.funded is None]:
        (german, english), (who, has, who_en, has_en) = _born(unknown), _who(unknown)
        said.append((
            f"Bitte teilen Sie uns mit, ob {who} (geboren {german}) ein gefördertes Ticket {has} oder keines.",
            f"Please tell us whether {who_en} (born {english}) {has_en} a funded ticket or none.",
        ))  # fmt: skip
    if any(each.may_be_born_with(pupil) and each.counts_first is None and each.funded is not False for each in told):
        said.append((
            "Bitte teilen Sie uns auch mit, welches der am selben Tag geborenen Kinder beim Eigenanteil zuerst zählt.",
            "Please tell us too which of the children born on the same day counts first for the own share.",
        ))  # fmt: skip
    return said


def _who(siblings: Sequence[SiblingFacts]) -> tuple[str, str, str, str]:
    one = len(siblings) == 1
    return (
        ("das Geschwisterkind", "hat", "the sibling", "has")
        if one
        else ("die Geschwister", "haben", "the siblings", "have")
    )


def _born(siblings: Sequence[SiblingFacts]) -> tuple[str, str]:
    return texts.all_born([each.birth_date for each in siblings])


def _from_when(law: Law) -> tuple[str, str]:
    """Retroactive: the proof shows what held already; it does not make it so. Until the claims of that year end."""
    last = last_day_of_claims(law)
    day, day_en = texts.day(last) if last is not None else ("", "")
    until = (f" bis zum {day}", f" by {day_en}") if day else ("", "")
    return (
        f"Kommt der Nachweis{until[0]} zu uns, gilt der niedrigere Eigenanteil rückwirkend: ab dem ersten Monat mit "
        "Ticket, frühestens ab dem Monat, für den der Nachweis gilt. Zu viel Gezahltes erhalten Sie zurück.",
        f"If the proof reaches us{until[1]}, the lower share holds from the first month with a ticket, at the earliest "
        "from the month for which the proof holds. Anything overpaid is refunded.",
    )


def _lowers(facts: Facts, shares: Shares, law: Law, rules: Rules) -> bool:
    """Whether the family would pay less on some day if all were proven."""
    told = as_told(facts)
    found = evaluate(told, rules)
    if found.outcome == "granted":
        return _exceeds(shares, shares_of(found))
    possible = [own_share(each, law) for each in possible_births(told)]
    return any(
        share.own_share_cents is not None and _exceeds(shares, ((date.min, share.own_share_cents), *share.changes))
        for share in possible
    )


def shares_of(evaluation: Evaluation) -> Shares:
    """Of a grant, from its beginning."""
    return ((date.min, evaluation.own_share_cents or 0), *evaluation.own_share_changes)


def _exceeds(one: Shares, other: Shares) -> bool:
    """Whether `one` is more than `other` on some day on which either begins or changes."""
    days = {day for day, _ in (*one, *other)} - {date.min} | {one[0][0]}
    return any(share_on(one, day) > share_on(other, day) for day in days)
