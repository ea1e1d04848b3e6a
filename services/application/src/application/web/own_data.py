"""All that is kept of an account: for programs as JSON, for people in their language. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.calendar import day_in_berlin, in_berlin
from shared.errors import Language
from shared.events.own_form import FurtherAnswers
from shared.retention import RetentionRule
from shared.retention_words import rule_as_data

from application.checks import SchoolKeys
from application.checks.uploads import KIND_TEXTS
from application.domain.application import View
from application.domain.document import Document
from application.domain.draft import DraftDocument
from application.domain.school import School
from application.web.apply import words
from application.web.apply.copy import copy_of, told_form
from application.web.apply.documents import size_of
from application.web.apply.situation import Situation
from application.web.apply.summary import answers
from application.web.kept import OWN, rules_elsewhere
from application.workflow.own_data import AccountData, BegunDraft

FORMAT = "schulticket-own-data/1"
HOW_TO_GET_THE_REST = {
    "de": "Was andere Dienste aufbewahren, steht unter „kept“. Ihr Schulträger gibt Ihnen Auskunft darüber; nennen Sie "
    "ihm die Kennung (id) des Antrags.",
    "en": "What other services keep stands under “kept”. Your school authority tells you what it is; give it the id of "
    "the application.",
}
PAGES_OF_FILES = "documents"


@dataclass(frozen=True)
class ReadablePart:
    """Lines under a heading: what was asked, and what was told."""

    title: str
    lines: tuple[tuple[str, str], ...]


def file_names(data: AccountData) -> dict[str, str]:
    """By the document's id: where it lies in the archive."""
    return {str(each.id): f"{PAGES_OF_FILES}/{place:03d}-{each.name}" for place, each in enumerate(data.files, start=1)}


def machine_copy(
    data: AccountData, told: Mapping[str, Mapping[str, Any]], own: Sequence[RetentionRule], now: datetime
) -> dict[str, Any]:
    """For programs (Art. 20 GDPR).

    Args:
        told: by application, how it stands, as the API answers.
        own: what this service keeps and how long.
    """
    files = file_names(data)
    elsewhere = {name: [rule_as_data(each) for each in rules] for name, rules in rules_elsewhere().items()}
    return {
        "format": FORMAT,
        "made_at": in_berlin(now).isoformat(),
        "applications": [
            {
                **copy_of(each.view),
                "told": told[str(each.view.application.id)],
                "people": [{"name": one.name, "since": in_berlin(one.since).isoformat()} for one in each.people],
            }
            for each in data.applications
        ],
        "drafts": [_draft(each) for each in data.drafts],
        "files": files,
        "rows": data.rows,
        "kept": {OWN: [rule_as_data(each) for each in own], **elsewhere},
        "how_to_get_the_rest": HOW_TO_GET_THE_REST,
    }


def _draft(begun: BegunDraft) -> dict[str, Any]:
    return {
        "id": str(begun.draft.id),
        "begun_at": in_berlin(begun.draft.begun_at).isoformat(),
        "edited_at": in_berlin(begun.draft.edited_at).isoformat(),
        "form": json.loads(begun.draft.form),
        "documents": [str(each.id) for each in begun.documents],
    }


def readable_parts(
    view: View, schools: Mapping[str, School], keys: SchoolKeys, language: Language
) -> list[ReadablePart]:
    """What an application says, page by page, as it was asked.

    Args:
        schools: by number, those that it names.
    """
    application = view.application
    form = told_form(json.loads(application.form))
    situation = Situation(form, view.school, keys, day_in_berlin(application.submitted_at))
    parts = parts_of_form(situation, schools, language)
    if application.further:
        told = FurtherAnswers.model_validate_json(application.further)
        lines = tuple((each.title.in_language(language), each.said.in_language(language)) for each in told.answers)
        parts.append(ReadablePart(words.FURTHER.in_language(language), lines))
    return parts


def parts_of_form(situation: Situation, schools: Mapping[str, School], language: Language) -> list[ReadablePart]:
    """The same of a form alone: that of a draft too."""
    found = answers(situation, schools, [], language)
    return [ReadablePart(each.title, tuple(each.lines)) for each in found if each.lines]


def file_line(file: Document | DraftDocument, language: Language) -> str:
    """Kind, name and size."""
    names = {str(key): text.in_language(language) for key, text in KIND_TEXTS.items()}
    return f"{names.get(file.kind, file.kind)}: {file.name} ({size_of(file.size)})"
