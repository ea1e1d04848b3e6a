"""HTTP in: the logs of scanners, and the operator's report of them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict
from shared.identity import Caller, Identity

from issuance.api.answers import InspectionReport, LogReceipt, SuspectedCopy, VerdictCount
from issuance.api.report_table import Language, table_of
from issuance.domain.verdict import Verdict
from issuance.workflow.inspection.scan_log import ScanEntry, ScanLog

MOST_AT_ONCE = 200
CELL = r"^-?([0-8]?[0-9]\.[0-9]|90\.0),-?((1[0-7][0-9]|[0-9]{1,2})\.[0-9]|180\.0)$"
"""A place on the earth in plain digits: what a broken device sends must not make a child suspect."""


class ShownBody(BaseModel):
    """What a scanner showed. Unknown fields are refused: nobody sends a name here by mistake."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    shown_at: AwareDatetime
    verdict: Verdict
    colour: Literal["green", "amber", "red"]
    format: Literal["vdv", "qr"] | None = None
    organisation_id: int | None = Field(default=None, ge=0, lt=1 << 16)
    ticket: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = None
    """SHA-256 over `day|organisation id|number`, in hex, the first 32 digits; day in Berlin."""

    cell: Annotated[str, StringConstraints(pattern=CELL)] | None = None
    """Where, roughly: latitude and longitude rounded down to 0.1 degrees, `51.2,6.7`. Only if the inspector agrees."""

    def shown(self) -> ScanEntry:
        """The entry as the workflow takes it."""
        place = self.format, self.organisation_id, self.ticket, self.cell
        return ScanEntry(self.id, self.shown_at, self.verdict, self.colour, *place)


EXAMPLE: JsonDict = {
    "id": "6f0c3f5e-6a52-4c55-9d3e-2b1f0a7c9d10",
    "shown_at": "2026-11-23T07:31:00+01:00",
    "verdict": "valid",
    "colour": "green",
    "format": "qr",
    "organisation_id": 32838,
    "ticket": "4f1d6c0a9be27d3358c2a1e07f6b9d40",
}


class LogBody(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"inspections": [EXAMPLE]}]})

    inspections: Annotated[list[ShownBody], Field(min_length=1, max_length=MOST_AT_ONCE)]


def router(recording: ScanLog, identity: Identity) -> APIRouter:
    """The routes under /v1/inspections: what scanners showed, and an operator's report of it as JSON and CSV."""
    routes = APIRouter(prefix="/v1/inspections", tags=["scanner"])
    caller = Depends(identity.caller)

    @routes.post("", status_code=202)
    async def record(body: LogBody, who: Annotated[Caller, caller]) -> LogReceipt:
        """What a scanner showed, sent when it has a network again. Sent twice, it counts once.

        `attention`: ids of entries whose ticket was shown elsewhere too, as if it were copied. Look at the person.
        """
        kept, attention = await recording.record(who, [one.shown() for one in body.inspections])
        return LogReceipt(kept=kept, attention=attention)

    @routes.get("/report")
    async def report(who: Annotated[Caller, caller]) -> InspectionReport:
        """Verdicts a day and organisation, and tickets that look copied, of the last 30 days."""
        counts, copies = await recording.report(who)
        return InspectionReport(
            verdicts=[VerdictCount.model_validate(one) for one in counts],
            copies=[SuspectedCopy.model_validate(one) for one in copies],
        )

    @routes.get("/report.csv", response_class=Response)
    async def report_table(who: Annotated[Caller, caller], language: Language = "de") -> Response:
        """The report for a spreadsheet: a line for each count and for each ticket that looks copied."""
        name = {"de": "kontrollen", "en": "inspections"}[language]
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
        table = table_of(*await recording.report(who), language)
        return Response(table, media_type="text/csv; charset=utf-8", headers=headers)

    return routes
