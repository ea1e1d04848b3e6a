"""A complete copy of an application, for whoever applied: to be read as PDF, and by programs as JSON. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.calendar import day_in_berlin, in_berlin
from shared.errors import Language
from shared.events.own_form import FurtherAnswers
from shared.formats import format_moment

from application.checks import SchoolKeys
from application.checks.uploads import KIND_TEXTS
from application.domain.application import Application, View
from application.domain.document import Document
from application.domain.school import School
from application.web.apply import words
from application.web.apply.documents import size_of
from application.web.apply.situation import Situation
from application.web.apply.summary import answers

NO_DOCUMENTS = "keine"
FOOT = "Diese Kopie gibt wieder, was dem Schulträger vorliegt. Sie ist keine Entscheidung."


def copy_of(view: View) -> dict[str, Any]:
    """All that was handed in, as it is now."""
    application = view.application
    return {
        "id": str(application.id),
        "submitted_at": in_berlin(application.submitted_at).isoformat(),
        "authority_id": application.authority_id,
        "authority": view.school.authority.name if view.school else None,
        "school": view.school.name if view.school else None,
        "form": json.loads(application.form),
        **({"further": json.loads(application.further)} if application.further else {}),
        "documents": [_document(each) for each in view.documents],
    }


def language_of(view: View) -> Language:
    """In which the family wrote it."""
    return "en" if json.loads(view.application.form).get("language") == "en" else "de"


def _document(document: Document) -> dict[str, Any]:
    return {
        "id": str(document.id),
        "kind": document.kind,
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "added_at": in_berlin(document.added_at).isoformat(),
    }


def printed_copy(view: View, schools: Mapping[str, School], keys: SchoolKeys) -> dict[str, Any]:
    """The same in words, in German as all letters are.

    Args:
        schools: by number, those that the form names.
    """
    application = view.application
    situation = Situation(
        told_form(json.loads(application.form)), view.school, keys, day_in_berlin(application.submitted_at)
    )
    parts = [
        {"title": each.title, "lines": [list(line) for line in each.lines]}
        for each in answers(situation, schools, [], "de")
        if each.lines
    ]
    return {
        "title": "Antrag auf Übernahme der Schülerfahrkosten",
        "head": [
            f"Eingegangen am {format_moment(application.submitted_at, 'de')}",
            *([f"Schulträger: {view.school.authority.name}"] if view.school else []),
            f"Kennung: {application.id}",
        ],
        "parts": [*parts, *_further(application), {"title": "Unterlagen", "lines": _document_lines(view.documents)}],
        "foot": FOOT,
        "submitted_at": application.submitted_at.isoformat(),
    }


def told_form(form: Mapping[str, Any]) -> dict[str, Any]:
    """Without empty lists, which nobody told."""
    return {name: value for name, value in form.items() if value not in ([], None)}


def _further(application: Application) -> list[dict[str, Any]]:
    """Each question as it was asked."""
    if not application.further:
        return []
    told = FurtherAnswers.model_validate_json(application.further)
    return [{"title": words.FURTHER.de, "lines": [[each.title.de, each.said.de] for each in told.answers]}]


def _document_lines(documents: Sequence[Document]) -> list[list[str]]:
    names = {str(key): text.de for key, text in KIND_TEXTS.items()}
    lines = [[names.get(each.kind, each.kind), f"{each.name} ({size_of(each.size)})"] for each in documents]
    return lines or [["", NO_DOCUMENTS]]
