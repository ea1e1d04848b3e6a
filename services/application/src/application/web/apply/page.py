"""A page of an application as its template shows it, in one language. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.errors import Language

from application.web.apply.fields import Field
from application.web.apply.situation import Situation
from application.web.apply.steps import SUMMARY, Step, before, steps_of

FIRST_OF_PAIR = ("street", "postal_code")
REVERSED = "postal_code"


@dataclass(frozen=True)
class FieldView:
    """A field with its words."""

    name: str
    kind: str
    label: str
    hint: str
    options: Sequence[tuple[str, str]]
    attributes: Mapping[str, str]


@dataclass
class StepPage:
    """`typed`, `errors`, `elsewhere`: by field. `elsewhere`: what another window has saved in it meanwhile."""

    step: Step
    title: str
    lead: str
    groups: Sequence[Sequence[FieldView]]
    """Fields beside one another: one, or the two of a line of an address."""
    typed: Mapping[str, str]
    errors: dict[str, str]
    elsewhere: Mapping[str, str]
    number: int
    count: int
    back: str
    """The page before; empty where there is none."""
    more: dict[str, Any] = field(
        default_factory=lambda: {"changed": False, "is_old": False, "asked": None, "schools": ()}
    )
    """What only this kind of page has."""
    own_words: str = ""
    """What the authority says on this page."""
    authority: str = ""

    @property
    def saved_lines(self) -> list[tuple[str, str]]:
        """What another window has saved, by the fields' labels; a box is told by its label alone."""
        words = {name: dict(each.options) for group in self.groups for each in group for name in [each.name]}
        return [
            (self.labels.get(name, self.title), words.get(name, {}).get(value, value))
            for name, value in self.elsewhere.items()
        ]

    @property
    def labels(self) -> dict[str, str]:
        """Of the fields, where something is wrong with them."""
        return {each.name: each.label.rstrip("?") for group in self.groups for each in group}


@dataclass(frozen=True)
class DraftHead:
    """What every page of a draft says of it."""

    path: str
    """Behind /family."""
    form_token: str
    deleted_on: date
    to_summary: bool
    """The family came from the summary and goes back there."""


def page_of(
    step: Step,
    situation: Situation,
    language: Language,
    *,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> StepPage:
    """The page as it stands."""
    steps = steps_of(situation)
    views = [_view(each, situation, language) for each in step.fields_for(situation) if each.kind != "school"]
    return StepPage(
        step=step,
        title=step.title.in_language(language),
        lead=step.lead.in_language(language) if step.lead else "",
        groups=_groups(views),
        typed=typed,
        errors=dict(errors or {}),
        elsewhere=elsewhere or {},
        number=steps.index(step) + 1 if step in steps else 0,
        count=len(steps) + 1,
        back=(before(step, situation) or "") if step in steps else "",
        own_words=_own_words(step, situation, language),
        authority=situation.school.authority.name if situation.school else "",
    )


def _own_words(step: Step, situation: Situation, language: Language) -> str:
    texts = situation.own_form.content.texts if situation.own_form else {}
    return next((words.in_language(language) for page, words in texts.items() if page == step.name), "")


def _view(one: Field, situation: Situation, language: Language) -> FieldView:
    return FieldView(
        name=one.name,
        kind=one.kind,
        label=one.label.in_language(language),
        hint=one.hint.in_language(language) if one.hint else "",
        options=[(key, text.in_language(language)) for key, text in one.options(situation)],
        attributes=one.attributes,
    )


def _groups(views: Sequence[FieldView]) -> list[list[FieldView]]:
    groups: list[list[FieldView]] = []
    for each in views:
        if groups and len(groups[-1]) == 1 and groups[-1][0].name.endswith(FIRST_OF_PAIR):
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


__all__ = ["SUMMARY", "DraftHead", "FieldView", "StepPage", "page_of"]
