"""The page on the own share: siblings with their tickets, and what the family receives. Pure."""

from collections.abc import Mapping
from typing import Any

from shared.errors import Text

from application.web.apply.options import benefit_options
from application.web.apply.situation import Situation
from application.web.apply.typed import Reading, day_of, german_day
from application.web.precheck_view import field_of

ROWS = 3
FUNDED: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}
"""What is sent, and what the form says of it."""
WHICH_CHILD = Text("Bitte geben Sie auch das Geburtsdatum an.", "Please give the birth date too.")


def rows(situation: Situation) -> int:
    """How many siblings can be told: one more than there are."""
    return max(ROWS, len(situation.form.get("siblings") or ()) + 1)


def typed_share(situation: Situation) -> dict[str, str]:
    """The page as the draft has it."""
    words = {value: word for word, value in FUNDED.items()}
    typed: dict[str, str] = {}
    for place, each in enumerate(situation.form.get("siblings") or ()):
        typed[f"sibling-{place}"] = german_day(str(each.get("birth_date", "")))
        typed[f"funded-{place}"] = words.get(each.get("funded"), "unknown")
    return typed | {field_of(key): "yes" for key in situation.form.get("benefits") or ()}


def read_share(typed: Mapping[str, str], situation: Situation) -> Reading:
    """A row without a birth date is none. What a program told of a sibling besides stays with its birth date."""
    before = {each.get("birth_date"): each for each in situation.form.get("siblings") or ()}
    siblings: list[dict[str, Any]] = []
    for place in range(rows(situation)):
        if text := typed.get(f"sibling-{place}", ""):
            born = day_of("birth", text)
            funded = FUNDED.get(typed.get(f"funded-{place}", ""), None)
            siblings.append({**before.get(born, {}), "birth_date": born, "funded": funded})
    benefits = [key for key, _ in benefit_options() if typed.get(field_of(key))]
    return Reading({"siblings": siblings, "benefits": benefits})
