"""What a family wrote and sent as text, in one language."""

from collections.abc import Sequence
from typing import Any

from shared.identity import Caller

from eligibility.web.case_view import who
from eligibility.web.spoken import Spoken
from eligibility.workflow import CaseFile

MEDIA = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIC"}
BYTES_IN_KB = 1000


def messages(file: CaseFile, caller: Caller, papers: Sequence[dict[str, str]], say: Spoken) -> list[dict[str, Any]]:
    """First what nobody has looked at, the oldest first. `papers`: the documents as the page shows them."""
    questions = {each.id: each.text for each in file.questions}
    links = {each["id"]: each for each in papers}
    return [
        {
            "id": each.id,
            "text": each.text,
            "paper": links.get(str(each.id)),
            "told": say.moment(each.told_at),
            "question": questions.get(each.question_id, "") if each.question_id else "",
            "with_change": each.with_change,
            "look_by": say.day(each.look_by),
            "overdue": each.is_overdue(file.today),
            "read": say.moment(each.read_at) if each.read_at else "",
            "read_by": who(each.read_by, caller, say) if each.read_by else "",
        }
        for each in sorted(file.messages, key=lambda each: each.read_at is not None)
    ]


def documents(found: Sequence[dict[str, Any]], say: Spoken) -> list[dict[str, str]]:
    """So that two of a kind are told apart: their number, type and size. The name, which may say more than anybody
    needs, and the content are with the service that took them."""
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
            }
        )
    return shown


def size(count: int, say: Spoken) -> str:
    """Of a file, as telephones and computers show it."""
    if count < BYTES_IN_KB**2:
        return f"{say.number(max(1, round(count / BYTES_IN_KB)))} kB"
    tenths = round(count / BYTES_IN_KB**2 * 10)
    return f"{tenths // 10}{say.t(',', '.')}{tenths % 10} MB"
