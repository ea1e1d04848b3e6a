"""What a family wrote, and what it handed in, in one language."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.identity import Caller

from eligibility.domain.message import Message
from eligibility.web.case_view import who
from eligibility.web.formatter import Formatter
from eligibility.workflow import CaseFile

MEDIA = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIC"}
BYTES_IN_KB = 1000
NOTHING: Mapping[Any, dict[str, Any]] = {}


def messages(file: CaseFile, caller: Caller, say: Formatter) -> list[dict[str, Any]]:
    """First what nobody has dealt with, the oldest first."""
    found = [each for each in file.messages if not each.is_document]
    return [_filed(each, file, caller, say) for each in sorted(found, key=lambda each: each.read_at is not None)]


def _filed(each: Message, file: CaseFile, caller: Caller, say: Formatter) -> dict[str, Any]:
    questions = {one.id: one.text for one in file.questions}
    return {
        "id": each.id,
        "text": each.text,
        "told": say.moment(each.told_at),
        "question": questions.get(each.question_id, "") if each.question_id else "",
        "with_change": each.with_change,
        "look_by": say.day(each.look_by),
        "overdue": each.is_overdue(file.today),
        "read": say.moment(each.read_at) if each.read_at else "",
        "read_by": who(each.read_by, caller, say) if each.read_by else "",
    }


def filed_documents(file: CaseFile, caller: Caller, say: Formatter) -> dict[Any, dict[str, Any]]:
    """By a document's id: by when somebody must look at it, and who has dealt with it."""
    return {each.id: _filed(each, file, caller, say) for each in file.messages if each.is_document}


def documents(
    found: Sequence[dict[str, Any]], say: Formatter, waiting: Mapping[Any, dict[str, Any]] = NOTHING
) -> list[dict[str, Any]]:
    """So that two of a kind are told apart: their number, type and size; whether anybody has opened it, and dealt with
    it. The name, which may say more than anybody needs, and the content are with the service that took them.

    Args:
        waiting: see `filed`.
    """
    shown = []
    for each in found:
        alike = [one["id"] for one in found if one["kind"] == each["kind"]]
        place, many = alike.index(each["id"]) + 1, len(alike)
        counted = say.t(f" ({place} von {many})", f" ({place} of {many})") if many > 1 else ""
        shown.append(
            {
                "id": str(each["id"]),
                "kind": f"{each['kind_text'][say.language]}{counted}",
                "file": f"{MEDIA.get(each['media_type'], each['media_type'])}, {size(each['size'], say)}",
                "at": say.moment(each["handed_in_at"]),
                "link": each["staff_link"] or "",
                "opened": say.moment(each["opened_at"]) if each.get("opened_at") else "",
                "filed": waiting.get(each["id"]),
            }
        )
    return shown


def size(count: int, say: Formatter) -> str:
    """Of a file, as telephones and computers show it."""
    if count < BYTES_IN_KB**2:
        return f"{say.number(max(1, round(count / BYTES_IN_KB)))} kB"
    tenths = round(count / BYTES_IN_KB**2 * 10)
    return f"{tenths // 10}{say.t(',', '.')}{tenths % 10} MB"
