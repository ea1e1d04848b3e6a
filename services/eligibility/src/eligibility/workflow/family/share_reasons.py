"""Why an own share becomes another: what of siblings and benefits is not as it was, in words. Pure."""

from collections.abc import Container, Iterator, Sequence
from typing import Literal

from eligibility.domain.kept_facts import KeptFacts, KeptSibling
from eligibility.rules import texts
from eligibility.rules.findings import Finding, note

BASIS = "§ 97 Abs. 3 SchulG NRW, § 2 Abs. 3 SchfkVO"
Said = tuple[str, str]
FOLLOWS: Said = ("Danach richtet sich der Eigenanteil.", "The own share follows that.")
UNNAMED: Said = ("eines Geschwisterkindes", "of a sibling")
OTHERWISE: Said = (
    "Was über Geschwister und Leistungen bekannt ist, hat sich geändert.",
    "What is known of siblings and benefits has changed.",
)

DAYS: tuple[tuple[Literal["funded_from", "funded_until"], str, str], ...] = (
    ("funded_from", "gilt erst ab dem", "holds only from"),
    ("funded_until", "gilt nur bis zum", "holds only until"),
)


def why_changed(before: KeptFacts, after: KeptFacts, named: Sequence[str]) -> Finding:
    """`before`, `after`: FACTS of the share that holds and of the one that follows.

    Args:
        named: birth dates of siblings that the family told us of; another child of the same home is not described to
            it.
    """
    counted = before.get("siblings") or ()
    told = {*named, *(each["birth_date"] for each in counted)}
    said = [*_of_siblings(counted, after.get("siblings") or (), told)]
    said += _of_benefits(before, after)
    german, english = (" ".join(dict.fromkeys(each)) for each in zip(*(said or [OTHERWISE]), strict=True))
    return note("family", BASIS, f"{german} {FOLLOWS[0]}", f"{english} {FOLLOWS[1]}")


def _of_siblings(before: Sequence[KeptSibling], after: Sequence[KeptSibling], told: Container[str]) -> Iterator[Said]:
    left = list(before)
    for each in sorted(after, key=lambda one: str(one["birth_date"])):
        was = next((one for one in left if one["birth_date"] == each["birth_date"]), None)
        if was is not None:
            left.remove(was)
        yield from _of_one(was or KeptSibling(), each, _whose(each, told))
    for each in left:
        if each.get("funded"):
            whose = _whose(each, told)
            yield (f"Das geförderte Ticket {whose[0]} zählt nicht mehr mit.",
                   f"The funded ticket {whose[1]} no longer counts.")  # fmt: skip


def _of_one(was: KeptSibling, now: KeptSibling, whose: Said) -> Iterator[Said]:
    if bool(was.get("funded")) is not bool(now.get("funded")):
        if now.get("funded"):
            yield f"Das geförderte Ticket {whose[0]} zählt jetzt mit.", f"The funded ticket {whose[1]} now counts."
        else:
            yield (f"Ein gefördertes Ticket {whose[0]} gibt es nicht mehr.",
                   f"There is no funded ticket {whose[1]} any more.")  # fmt: skip
    for name, german, english in DAYS:
        told = now.get(name)
        if now.get("funded") and told and told != was.get(name):
            day, day_en = texts.day_of(told)
            yield (f"Das geförderte Ticket {whose[0]} {german} {day}.",
                   f"The funded ticket {whose[1]} {english} {day_en}.")  # fmt: skip
    if was.get("counts_first") is not None and was.get("counts_first") is not now.get("counts_first"):
        yield ("Welches der am selben Tag geborenen Kinder zuerst zählt, hat sich geändert.",
               "Which of the children born on the same day counts first has changed.")  # fmt: skip


def _of_benefits(before: KeptFacts, after: KeptFacts) -> Iterator[Said]:
    was, now = (frozenset(each.get("benefits") or ()) for each in (before, after))
    for each in sorted(now - was):
        german, english = texts.BENEFITS.get(each, (each, each))
        yield f"Nachgewiesen ist jetzt: {german}.", f"Now proven: {english}."
    for each in sorted(was - now):
        german, english = texts.BENEFITS.get(each, (each, each))
        yield f"Nicht mehr erhalten wird: {german}.", f"No longer received: {english}."


def _whose(sibling: KeptSibling, told: Container[str]) -> Said:
    if sibling["birth_date"] not in told:
        return UNNAMED
    german, english = texts.born(sibling["birth_date"])
    return f"des Geschwisterkindes (geboren {german})", f"of the sibling (born {english})"
