"""What is kept where, for how long, why and for whom, in words for families. Pure.

What this service keeps is said with this installation's figures. What the others keep stands in elsewhere.json, with
the defaults: written out of their tables by tests/data_protection.py.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from shared.errors import Language, Text
from shared.retention import EVERY_SERVICE, RetentionRule
from shared.retention_words import duration, rule_of_data, without_common

ELSEWHERE = "elsewhere.json"
OWN = "application"
PLACES: dict[str, Text] = {
    OWN: Text("Ihr Antrag", "Your application"),
    "eligibility": Text("Die Entscheidung des Schulträgers", "The authority's decision"),
    "signer": Text("Das Ticket", "The ticket"),
    "issuance": Text("Die Kontrolle im Bus", "Inspection on the bus"),
    "wallet-pass": Text("Das Ticket auf dem Telefon", "The ticket on the phone"),
    "every": Text("Technik, in jedem Dienst", "Technical, in each service"),
}
"""Where something is kept, as families know it; by the name of the service."""


@dataclass(frozen=True)
class KeptThing:
    """A line, as it is read. `periods`: from which moment, and how long; without a figure: until then."""

    content: str
    purpose: str
    recipients: str
    legal_basis: str
    periods: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KeptPlace:
    """A service, in everyday words, and what it keeps."""

    name: str
    title: str
    things: tuple[KeptThing, ...]


def kept_places(own: Sequence[RetentionRule], language: Language) -> list[KeptPlace]:
    """All that is kept of a family, place by place.

    Args:
        own: this service's lines, with its figures.
    """
    rules = {OWN: without_common(own, EVERY_SERVICE), **rules_elsewhere(), "every": EVERY_SERVICE}
    return [
        KeptPlace(name, title.in_language(language), tuple(_thing(each, language) for each in rules[name]))
        for name, title in PLACES.items()
    ]


@cache
def rules_elsewhere() -> dict[str, list[RetentionRule]]:
    """By service, those of the others."""
    text = (resources.files("application.web") / ELSEWHERE).read_text(encoding="utf-8")
    return {name: [rule_of_data(each) for each in rules] for name, rules in json.loads(text).items()}


def _thing(rule: RetentionRule, language: Language) -> KeptThing:
    return KeptThing(
        rule.content.in_language(language),
        rule.purpose.in_language(language),
        rule.recipients.in_language(language),
        rule.legal_basis,
        tuple((each.since.in_language(language), duration(each, language)) for each in rule.periods),
    )
