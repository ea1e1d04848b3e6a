"""What a family is heard on: what it has, what it is to have instead and from which day, and why. To be changed by who
asks; where no ground is known "…" stands for it, and is not sent (api.desk.handling)."""

from datetime import date

from shared.calendar import day_after, day_in_berlin
from shared.formats import format_day, format_euros

from eligibility.domain.decision import Decision
from eligibility.web.facts_view import CARRIAGES
from eligibility.workflow.decision.guard import Stake
from eligibility.workflow.decision.losses import last_day

BLANK = "…"
"""Stands where a person has to say something, or for more of the same: nobody can answer to it."""


def hearing_words(stake: Stake, new: Decision, last: date, *, told: bool) -> tuple[str, str]:
    """German and English.

    Args:
        last: the proposed last day of the grant.
        told: by a change of the family.
    """
    released = stake.grant.released_at
    granted = day_in_berlin(released) if released else None
    german, english = _meant(stake, new, last)
    why, why_en = _ground(stake, new)
    ticket = stake.grant.terms.with_ticket
    holds = "gilt Ihr Ticket weiter." if ticket else "gilt die Bewilligung weiter."
    holds_en = "your ticket stays valid." if ticket else "the grant stays valid."
    since = "Sie haben uns eine Änderung mitgeteilt. " if told else ""
    since_en = "You told us of a change. " if told else ""
    on, on_en = (f"am {format_day(granted, 'de')} ", f"On {format_day(granted, 'en')} we") if granted else ("", "We")
    return (
        f"Wir haben Ihnen {on}die Übernahme der Schülerfahrkosten bewilligt. {since}Nach dem, was wir jetzt wissen, "
        f"{german} Der Grund: {why} Bitte schreiben Sie uns, was Sie dazu sagen. Bis wir entscheiden, {holds}",
        f"{on_en} granted you the costs of travel to school. {since_en}By what we know now, {english} The reason: "
        f"{why_en} Please tell us what you say to that. Until we decide, {holds_en}",
    )


def _meant(stake: Stake, new: Decision, last: date) -> tuple[str, str]:
    ticket = stake.grant.terms.with_ticket
    if "ends" in stake.losses:
        return (
            f"soll diese Bewilligung am {format_day(last, 'de')} enden{', und mit ihr das Ticket' if ticket else ''}.",
            f"this grant is to end on {format_day(last, 'en')}{', and the ticket with it' if ticket else ''}.",
        )
    if "not_carried_on" in stake.losses:
        return (
            f"soll diese Bewilligung nach dem {format_day(stake.last, 'de')} nicht weitergehen.",
            f"this grant is not to carry on after {format_day(stake.last, 'en')}.",
        )
    less = [
        each
        for each in (_carriage(stake, new, last), _shorter(stake, new), _dearer(stake, new), _less_borne(stake, new))
        if each
    ]
    return "; ".join(each[0] for each in less) + ".", "; ".join(each[1] for each in less) + "."


def _carriage(stake: Stake, new: Decision, last: date) -> tuple[str, str] | None:
    if "without_ticket" not in stake.losses:
        return None
    instead = CARRIAGES[new.terms.transport or "public"]
    after = day_after(last)
    return (
        f"soll es ab dem {format_day(after, 'de')} kein Ticket mehr geben, sondern: {instead.de}",
        f"there is to be no ticket from {format_day(after, 'en')}, but: {instead.en}",
    )


def _shorter(stake: Stake, new: Decision) -> tuple[str, str] | None:
    if "shorter" not in stake.losses or new.valid_until is None:
        return None
    last = last_day(new)
    return (
        f"soll diese Bewilligung schon am {format_day(last, 'de')} enden, nicht erst am {format_day(stake.last, 'de')}",
        f"this grant is to end as early as {format_day(last, 'en')}, not on {format_day(stake.last, 'en')}",
    )


def _dearer(stake: Stake, new: Decision) -> tuple[str, str] | None:
    before, then, first = stake.grant.own_share_cents, new.own_share_cents, new.valid_from
    if "dearer" not in stake.losses or before is None or then is None or first is None:
        return None
    return (
        f"soll Ihr Eigenanteil ab dem {format_day(first, 'de')} {format_euros(then, 'de')} im Monat betragen (bisher "
        f"{format_euros(before, 'de')})",
        f"your own share is to be {format_euros(then, 'en')} a month from {format_day(first, 'en')} (until now "
        f"{format_euros(before, 'en')})",
    )


def _less_borne(stake: Stake, new: Decision) -> tuple[str, str] | None:
    if "less_borne" not in stake.losses or new.valid_from is None:
        return None
    before, then = (_what_is_borne(each) for each in (stake.grant, new))
    return (
        f"soll ab dem {format_day(new.valid_from, 'de')} weniger übernommen werden: {then[0]} (bisher {before[0]})",
        f"less is to be borne from {format_day(new.valid_from, 'en')}: {then[1]} (until now {before[1]})",
    )


def _what_is_borne(grant: Decision) -> tuple[str, str]:
    terms = grant.terms
    carriage, named = CARRIAGES[terms.transport or "public"], terms.product_name if terms.with_ticket else ""
    german, english = named or carriage.de, named or carriage.en
    if terms.allowance_cents is None:
        return german, english
    paid = terms.allowance_cents
    return f"{german}, {format_euros(paid, 'de')} im Monat", f"{english}, {format_euros(paid, 'en')} a month"


def _ground(stake: Stake, new: Decision) -> tuple[str, str]:
    """What is not met; of a grant that becomes less, what says so. A person's reason stands in German alone."""
    of_loss = {"dearer": "own_share", "shorter": "period", "without_ticket": "transport", "less_borne": "transport"}
    rules = {of_loss[each] for each in stake.losses if each in of_loss}
    found = [each for each in new.reasons if each.get("result") == "not_met" or each.get("rule") == "person"]
    found = found or [each for each in new.reasons if each.get("rule") in rules]
    if not found:
        return BLANK, BLANK
    return " ".join(each["text"] for each in found), " ".join(each.get("text_en") or each["text"] for each in found)
