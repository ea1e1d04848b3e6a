"""What one rule finds, and the reasons that come of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.errors import Text

from eligibility.rules import texts, to_family

Result = Literal["met", "not_met", "question", "note"]
"""question: the facts do not say; a person must ask. note: said for the record, decides nothing."""
KEPT = ("rule", "result", "legal_basis", "text", "text_en")
FAMILY, FAMILY_EN = "family", "family_en"
"""Keys by which the family's words are kept beside a question."""
ABOUT = "about"
"""Key by which it is kept what a question is about, where that may become another."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One step of the decision, in words that a parent understands. The German text is the binding one."""

    rule: str
    result: Result
    legal_basis: str
    text: str
    text_en: str
    family: Text | None = None
    """Of a question: what the family reads of it. The question itself is for the desk."""
    about: str = ""
    """Of a question: an opaque key of what it tells, so that whoever answers is known to have been told that."""


def as_dict(finding: Finding) -> dict[str, str]:
    """As it is kept with a case or decision. What a family reads of a question is kept beside it."""
    kept = {name: str(getattr(finding, name)) for name in KEPT}
    if finding.family is not None:
        kept |= {FAMILY: finding.family.de, FAMILY_EN: finding.family.en}
    if finding.about:
        kept[ABOUT] = finding.about
    return kept


def for_family(kept: Mapping[str, str]) -> Text:
    """What the family reads of a question that is kept with a case; of those kept before there were such words, that
    somebody looks at it."""
    return Text(kept[FAMILY], kept[FAMILY_EN]) if FAMILY in kept else to_family.WE_LOOK


def met(rule: str, legal_basis: str, text: str, text_en: str) -> Finding:
    """A condition or ground that holds."""
    return Finding(rule, "met", legal_basis, text, text_en)


def not_met(rule: str, legal_basis: str, text: str, text_en: str) -> Finding:
    """A condition or ground that does not hold."""
    return Finding(rule, "not_met", legal_basis, text, text_en)


def question(rule: str, legal_basis: str, text: str, text_en: str, *, family: Text) -> Finding:
    """`text` is put to a person at the desk.

    Args:
        family: what the family reads of it (rules.to_family).
    """
    return Finding(rule, "question", legal_basis, text, text_en, family)


def note(rule: str, legal_basis: str, text: str, text_en: str) -> Finding:
    """Said for the record; it decides nothing."""
    return Finding(rule, "note", legal_basis, text, text_en)


def compare_length(
    rule: str, legal_basis: str, measured_m: float, limit_m: int, *, longer: Text, not_longer: Text
) -> Finding:
    """Met where it is strictly longer than the limit, unrounded. In both texts `{way}` and `{limit}` stand for them."""
    finding, text = (not_met, not_longer) if measured_m <= limit_m else (met, longer)
    (german, english), (limit_german, limit_english) = texts.metres(measured_m, limit_m), texts.limit(limit_m)
    said = text.de.format(way=german, limit=limit_german), text.en.format(way=english, limit=limit_english)
    return finding(rule, legal_basis, *said)


ASKED_OF_AUTHORITY = frozenset(
    {"birth_date", "boarding", "dangerous_route", "doubt", "no_way", "school_year", "second_home", "transport"}
)
"""Questions that the authority answers itself: it measures, rates or chooses."""


def asked_of(rule: str) -> Literal["family", "authority"]:
    """Who can answer a question of that rule: what the family knows or can prove is asked of it."""
    return "authority" if rule in ASKED_OF_AUTHORITY or rule.startswith("own.") else "family"
