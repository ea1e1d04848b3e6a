"""POST /v1/schools/{school_number}/class-lists: a school's software brings its class list in."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from shared.calendar import SchoolYear
from shared.errors import Invalid
from shared.errors import Text as BothLanguages
from shared.events import PupilPart
from shared.http.edge import LargerBody
from shared.identity import Caller, Identity

from application.api.applications.decision import Text
from application.api.description import PROBLEM
from application.checks.class_list import MOST_BYTES, TOO_LARGE
from application.workflow import Workflow
from application.workflow.attendance.class_lists import ListReport

BODY = LargerBody("POST", re.compile(r"/v1/schools/[^/]{1,12}/class-lists"), MOST_BYTES + 1024, TOO_LARGE)
NO_YEAR = BothLanguages(
    "Bitte geben Sie das Schuljahr als 2026/27 an.", "Please give the school year as 2026/27."
)  # fmt: skip
EXAMPLE = "Schulnummer;Nachname;Vorname;Geburtsdatum;Klasse\n100001;Muster;Mia;01.03.2015;5b\n"
DESCRIBED_BODY = {
    "requestBody": {
        "required": True,
        "description": "Die Liste als Text: UTF-8 oder Windows-1252, mit Semikolon, Tabulator oder senkrechtem Strich.",
        "content": {"text/csv": {"schema": {"type": "string", "maxLength": MOST_BYTES}, "example": EXAMPLE}},
    }
}


class LineAnswer(BaseModel):
    """Eine Zeile, die zu einer Schülerin oder einem Schüler mit Antrag gehört, oder nicht gelesen wurde."""

    line: int = Field(description="Zeile der Datei, ab 1.")
    outcome: Literal["match", "differs", "unsure", "unreadable"]
    parts: list[PupilPart] = Field(default=[], description="Was anders ist als im Antrag.")
    text: Text | None = Field(default=None, description="Warum die Zeile nicht gelesen wurde, und was zu tun ist.")


class ClassListAnswer(BaseModel):
    """Was die Liste ergibt. Von allen, die keinen Antrag gestellt haben, wird nichts gespeichert und nichts genannt."""

    applied: bool = Field(description="Ob übernommen wurde, was die Liste sagt.")
    matching: int
    differing: int
    unsure: int = Field(description="Zeilen, zu denen mehrere Anträge passen: das sagt ein Mensch auf der Seite.")
    unknown: int = Field(description="Zeilen ohne Antrag.")
    not_listed: int = Field(description="Anträge, die nicht in der Liste stehen.")
    kept: int = Field(description="Neue Angaben, die übernommen wurden.")
    lines: list[LineAnswer]


def router(workflow: Workflow, identity: Identity) -> APIRouter:
    """Routes under /v1/schools/{school_number}/class-lists."""
    routes = APIRouter(prefix="/v1/schools/{school_number}/class-lists", tags=["schools"])

    @routes.post("", responses={404: PROBLEM, 422: PROBLEM}, openapi_extra=DESCRIBED_BODY)
    async def bring_in(
        school_number: str,
        request: Request,
        caller: Annotated[Caller, Depends(identity.caller)],
        school_year: Annotated[str, Query(max_length=7, description="Schuljahr, zum Beispiel 2026/27.")],
        apply: Annotated[bool, Query(description="Erst damit wird etwas übernommen.")] = False,
    ) -> ClassListAnswer:
        """Eine Klassenliste mit den Anträgen vergleichen, und übernehmen, was sie sagt.

        Für das Sekretariat der Schule. Dieselbe Liste noch einmal ändert nichts.
        """
        try:
            year = SchoolYear.parse(school_year)
        except ValueError:
            raise Invalid(NO_YEAR, field="school_year") from None
        content = await request.body()
        now = datetime.now(UTC)
        report = await workflow.class_lists.of_caller(caller, school_number, year, content, now, apply=apply)
        return _answer(report)

    return routes


def _answer(report: ListReport) -> ClassListAnswer:
    found = report.found
    lines = [LineAnswer(line=each.listed.line, outcome="match") for each in found.matches]
    lines += [
        LineAnswer(line=each.listed.line, outcome="differs", parts=[one.part for one in each.differences])
        for each in found.differing
    ]
    lines += [LineAnswer(line=each.line, outcome="unsure") for each in found.unsure]
    lines += [LineAnswer(line=each.line, outcome="unreadable", text=Text.of(each.text)) for each in report.read.faults]
    return ClassListAnswer(
        applied=report.count is not None,
        matching=len(found.matches),
        differing=len(found.differing),
        unsure=len(found.unsure),
        unknown=found.unknown,
        not_listed=len(found.not_listed),
        kept=report.count.kept if report.count is not None else 0,
        lines=sorted(lines, key=lambda each: each.line),
    )
