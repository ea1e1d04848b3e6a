"""Rule sets as they are answered."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from eligibility.api.answers import Answer
from eligibility.domain.transitions import RuleSetState


class ShortRuleSet(Answer):
    """A version of an authority's rule set, as a list shows it."""

    id: UUID
    authority_id: str
    name: str
    title: Any
    state: RuleSetState
    version: str = Field(description="What decisions call it (`rules_version`).")
    origin: str | None = Field(description="The version that it adapts.")
    in_force_from: date | None
    published_at: datetime | None


class RuleSetAnswer(ShortRuleSet):
    """One version, whole."""

    text: str = Field(description="As the authority wrote it.")
    created_at: datetime
    changed_at: datetime
    editors: list[str] = Field(description="OIDC subjects: none of them may publish it.")
    published_by: str | None


class PublishedRuleSets(Answer):
    """What authorities have published."""

    rule_sets: list[ShortRuleSet]


class PresetRuleSet(Answer):
    """A preset of a state."""

    name: str
    title: Any
    law: str
    version: str


class RuleSetList(Answer):
    """The presets, and the authority's own versions."""

    rule_sets: list[PresetRuleSet]
    own: list[ShortRuleSet]


class ExpectedAndCame(Answer):
    """What a sentence of the law expects, and what the rules said."""

    expected: Any
    came: Any


class PlaceInDocument(Answer):
    """What of the document makes a sentence fail."""

    path: str
    text: str
    text_en: str


class SentenceAnswer(Answer):
    """A sentence of the law that comes out otherwise by the draft."""

    name: str
    basis: str
    kind: str
    differences: dict[str, ExpectedAndCame]
    because: list[PlaceInDocument]


class TrialAnswer(Answer):
    """What the law tests say of a draft."""

    green: bool
    failed: list[SentenceAnswer]
    changed_by_choice: list[SentenceAnswer]
    sentences: int = Field(description="How many were tried.")


class ChangedEntry(Answer):
    """An entry that the origin changed; `adapted`: the authority has one of its own."""

    path: str
    before: Any
    after: Any
    adapted: bool


class OriginDifference(Answer):
    """What the origin changed since."""

    newest: str | None
    changes: list[ChangedEntry]
