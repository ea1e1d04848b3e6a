"""What a family did, in the history of its case: all of it, and what it was about."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from shared.calendar import day_in_berlin
from shared.errors import Text
from shared.formats import format_day

from eligibility.api.desk.document_json import KINDS, OTHER
from eligibility.domain.acts import ActKind
from eligibility.workflow import CaseFile

FAMILY = "family"
Entry = dict[str, Any]


def not_in_trail(file: CaseFile, told: Sequence[Entry]) -> Iterator[tuple[str, datetime, dict[str, str]]]:
    """Act, when, and what of: `told` is what the trail has. A document may come before its case, a text to a case that
    is laid down; and earlier withdrawals are in no trail."""
    acts = {each["act"] for each in told}
    named = {(each["act"], str(each["detail"].get("document") or each["detail"].get("change"))) for each in told}
    for each in (*file.documents, *file.removed):
        if each.kind and (ActKind.DOCUMENT_HANDED_IN, str(each.id)) not in named:
            yield ActKind.DOCUMENT_HANDED_IN, each.added_at, {"document": str(each.id)}
        if each.removed_at is not None and each.kind and (ActKind.DOCUMENT_REMOVED, str(each.id)) not in named:
            yield ActKind.DOCUMENT_REMOVED, each.removed_at, {"document": str(each.id)}
    for message in file.messages:
        is_known = {(ActKind.ANSWERED, str(message.id)), (ActKind.FACTS_CHANGED, str(message.id))} & named
        if message.text and not is_known:
            yield ActKind.WROTE, message.told_at, {"change": str(message.id)}
    if file.case.state == "withdrawn" and ActKind.WITHDRAWN not in acts:
        yield ActKind.WITHDRAWN, _withdrawn_at(file), {}


def _withdrawn_at(file: CaseFile) -> datetime:
    ended = [each.withdrawn_at for each in file.decisions if each.ended_because == "application_withdrawn"]
    known = [each for each in (*ended, file.case.changed_at) if each is not None]
    return max(known, default=file.case.opened_at)


def about(entry: Entry, file: CaseFile) -> Text | None:
    """The kind of a document; from when a change holds."""
    detail = entry["detail"]
    if entry["act"] in (ActKind.DOCUMENT_HANDED_IN, ActKind.DOCUMENT_REMOVED):
        return _kind(detail.get("document"), file)
    if entry["act"] == ActKind.FACTS_CHANGED and "changed_from" in detail:
        return _from(date.fromisoformat(detail["changed_from"]), entry["happened_at"])
    return None


def _kind(document: str | None, file: CaseFile) -> Text | None:
    found = next((each for each in (*file.documents, *file.removed) if str(each.id) == document and each.kind), None)
    if found is None:
        return None
    kind = KINDS.get(found.kind, OTHER)
    return Text(f": {kind.de}", f": {kind.en}")


def _from(day: date, told_at: datetime) -> Text:
    german, english = format_day(day, "de"), format_day(day, "en")
    if day > day_in_berlin(told_at):
        return Text(f": angekündigt für die Zeit ab dem {german}", f": announced for the time from {english}")
    return Text(f": gültig ab dem {german}", f": holds from {english}")
