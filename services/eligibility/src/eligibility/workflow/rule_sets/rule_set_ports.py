"""What the desk of rule sets needs of documents and of the store, in narrow ports."""

from typing import Any, Protocol

from eligibility.rules import Rules
from eligibility.rules.rule_set.document import Document
from eligibility.workflow.ports import AuthorityReader
from eligibility.workflow.rule_sets.rule_set_versions import Archive, RuleSetStore


class RuleSetDocuments(Protocol):
    """Rule sets as people write them, and those of this program."""

    def from_text(self, text: str, kept: dict[str, Rules] | None = None) -> Document:
        """`kept`: published versions by their rules_version, as possible origins.

        Raises:
            Invalid: with line and column.
        """

    def as_yaml(self, content: Any) -> str:
        """Plain data as a document."""

    def preset_or_none(self, name: str) -> Rules | None:
        """This program's rule set of that name."""


class RuleSetDeskStore(AuthorityReader, RuleSetStore, Archive, Protocol):
    """The store, as all these steps use it."""
