"""What a person decided stays until a person looks again: the rules take it back for no fact that touches nothing of
it, and whoever tells more pays no more for that. Pure."""

from dataclasses import dataclass
from datetime import date

from shared.calendar import day_in_berlin
from shared.errors import Text
from shared.events import ApplicationSubmitted

from eligibility import rules
from eligibility.domain.decision import Decision
from eligibility.rules import Finding, Rules, texts, to_family
from eligibility.rules.findings import question
from eligibility.workflow.decision.losses import last_day, losses_of
from eligibility.workflow.family.shares import decided_shares, share_on

RULE = "person_decided"
BASIS = "§§ 24, 49 VwVfG NRW"
BY_RULES = frozenset({"rules", "family"})
"""By whom a decision is that no person of the authority made: an order for a ticket of one's own is the family's."""
ONE = Text("eine Person", "a person")
TWO = Text("zwei Personen (vorgeschlagen und bestätigt)", "two persons (proposed and confirmed)")
TOLD_SINCE = Text("Die Familie hat seither etwas gemeldet.", "The family has told of something since.")
NEXT_YEAR = Text("Das Schuljahr wechselt.", "The school year changes.")
OUTCOMES = {"granted": Text("bewilligt", "granted"), "refused": Text("abgelehnt", "refused")}


@dataclass(frozen=True)
class PersonsWord:
    """What a person said when deciding."""

    by: Text
    """In which role, without a name."""
    on: date
    reason: str
    """In German, as in the notice."""
    legal_basis: str


def persons_word(decision: Decision | None) -> PersonsWord | None:
    """None where the rules decided."""
    if decision is None or decision.decided_by in BY_RULES:
        return None
    said = next((each for each in decision.reasons if each["rule"] == "person"), {"text": "", "legal_basis": ""})
    second = decision.released_by not in {None, decision.decided_by, *BY_RULES}
    day = day_in_berlin(decision.released_at or decision.prepared_at)
    return PersonsWord(TWO if second else ONE, day, said["text"], said["legal_basis"])


def takes_back(
    before: Decision | None,
    new: Decision | None,
    applicable: Rules,
    *,
    told: tuple[ApplicationSubmitted | None, ApplicationSubmitted],
) -> list[Finding]:
    """What a person is asked before the rules' `new` decision may take the place of a person's that is in force.

    Where home, school, last day there or the limit became another, the rules may speak first, unless they say what they
    said before, or it becomes dearer.

    Args:
        told: what had been told until now, and what is told.
    """
    word = persons_word(before)
    if before is None or word is None or new is None or not _differs(before, new):
        return []
    losses = losses_of(before, new, last_day(before)) if before.outcome == "granted" else ()
    same = _answer(before, applicable) == _answer(new, applicable)
    touched = _touches(before, new, *told)
    asks = bool(losses) and (same or "dearer" in losses) if touched else same or bool(losses)
    return [_asked(before, new, word)] if asks else []


def rises_with_the_year(before: Decision, new: Decision | None, applicable: Rules) -> list[Finding]:
    """What a person is asked before a grant is carried on at a higher own share than the one that a person had set: one
    other than the rules'."""
    word = persons_word(before)
    if word is None or new is None or new.outcome != "granted" or new.own_share_cents is None:
        return []
    set_then, by_rules = share_on(decided_shares(before), last_day(before)), _answer(before, applicable)[1]
    rises = any(cents > set_then for _, cents in decided_shares(new))
    return [_asked(before, new, word, NEXT_YEAR)] if rises and by_rules != set_then else []


def _touches(before: Decision, new: Decision, known: ApplicationSubmitted | None, told: ApplicationSubmitted) -> bool:
    """Whether the change is one of those by which a grant always may end."""
    if before.limit_m != new.limit_m:
        return True
    return known is not None and any(
        getattr(known, name) != getattr(told, name) for name in ("home", "school_number", "leaves_on")
    )


def _answer(decision: Decision, applicable: Rules) -> tuple[object, ...]:
    """What the rules alone say to the facts of a decision."""
    found = rules.evaluate(rules.Facts.model_validate_json(rules.canonical_json(decision.facts)), applicable)
    return found.outcome, found.own_share_cents, found.own_share_changes, found.transport, found.allowance_cents


def _differs(before: Decision, new: Decision) -> bool:
    """In what is granted; from when it holds is the day of the change."""
    if before.outcome != new.outcome:
        return True
    if new.outcome == "refused":
        return False
    if last_day(before) != last_day(new) or losses_of(before, new, last_day(before)):
        return True
    carried = [(each.terms.transport or "public", each.terms.with_ticket) for each in (before, new)]
    return carried[0] != carried[1] or _other_share(before, new)


def _other_share(before: Decision, new: Decision) -> bool:
    if before.own_share_cents is None or new.own_share_cents is None or new.valid_from is None:
        return before.own_share_cents != new.own_share_cents
    present, then = decided_shares(before), decided_shares(new)
    days = {new.valid_from, *(day for day, _ in (*present, *then) if day > new.valid_from)}
    return any(share_on(present, day) != share_on(then, day) for day in days)


def _asked(before: Decision, new: Decision, word: PersonsWord, since: Text = TOLD_SINCE) -> Finding:
    (day, day_en), was, would = texts.day(word.on), _said(before), _said(new)
    why = f" mit dem Grund „{word.reason}“ ({word.legal_basis})" if word.reason else ""
    why_en = f" on the ground “{word.reason}” ({word.legal_basis})" if word.reason else ""
    return question(
        RULE, BASIS,
        f"Es gilt, was {word.by.de} am {day} entschieden {'haben' if word.by is TWO else 'hat'}: {was.de}{why}. "
        f"{since.de} Nach den Regeln hieße es jetzt: {would.de}. Bleibt es bei der Entscheidung von damals?",
        f"What {word.by.en} decided on {day_en} is in force: {was.en}{why_en}. {since.en} "
        f"By the rules it would be now: {would.en}. Does the decision of then stand?",
        family=to_family.WE_LOOK_AT_THE_CHANGE,
    )  # fmt: skip


def _said(decision: Decision) -> Text:
    outcome = OUTCOMES[decision.outcome]
    if decision.outcome == "refused" or decision.own_share_cents is None:
        return outcome
    (cents, cents_en), (last, last_en) = texts.euros(decision.own_share_cents), texts.day(last_day(decision))
    return Text(
        f"{outcome.de} bis zum {last}, Eigenanteil {cents} im Monat",
        f"{outcome.en} until {last_en}, own share {cents_en} a month",
    )


__all__ = ["RULE", "PersonsWord", "persons_word", "rises_with_the_year", "takes_back"]
