"""What the school says of a case's pupil, as the API tells it."""

from typing import Any

from eligibility.workflow import CaseFile


def attendance_json(file: CaseFile) -> dict[str, Any] | None:
    """None: the school has said nothing, and nothing waits for it."""
    known = file.attendance
    if known is None:
        return None
    return {
        "state": known.state,
        "school_number": known.school_number,
        "told_at": known.told_at,
        "last_day": known.last_day,
        "differences": [each.model_dump() for each in known.differences],
        "proven_at": known.proven_at,
        "waits": file.awaits_school,
        "look_from": known.look_from,
    }
