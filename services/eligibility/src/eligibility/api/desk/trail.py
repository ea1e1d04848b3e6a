"""What happened to a case: who did what and when, as JSON and in words. One history, in the order of happening: what a
family did is placed where it did it, not where it was heard of."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.audit.acts import text_of

from eligibility.api.desk.family_acts import FAMILY, about, not_in_trail
from eligibility.domain.acts import ActKind
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Act
from eligibility.workflow import CaseFile

FIRST: tuple[str, ...] = (ActKind.OPENED, ActKind.FACTS_CHANGED, ActKind.PREPARED)
LAST: tuple[str, ...] = (ActKind.ENDED, ActKind.RELEASED)
"""Of what happened at one moment: what comes before and after all else."""
KEPT_WITHIN = timedelta(minutes=1)


def acts(file: CaseFile) -> list[dict[str, Any]]:
    """Who did what and when, oldest first: people's acts from the audit trail, the rules' from what they left, and what
    a family did before there was a case, or before it was kept in the trail, from that itself."""
    told = [_act(each) for each in file.acts]
    of_family = [_entry(act, at, FAMILY, detail) for act, at, detail in not_in_trail(file, told)]
    order = [*FIRST, "", *LAST]

    def place(entry: dict[str, Any]) -> tuple[Any, ...]:
        return entry["happened_at"], order.index(entry["act"] if entry["act"] in order else ""), entry["number"] or 0

    found = sorted([*_of_the_rules(file), *told, *of_family], key=place)
    return [each | {"text": _said(each, file)} for each in found]


def _said(entry: dict[str, Any], file: CaseFile) -> dict[str, str]:
    """With what it was about."""
    text, more = entry["text"], about(entry, file)
    return {"de": text["de"] + more.de, "en": text["en"] + more.en} if more is not None else text


def _of_the_rules(file: CaseFile) -> Iterator[dict[str, Any]]:
    yield _entry(ActKind.OPENED, file.case.opened_at, "rules", {})
    for each in file.decisions:
        of = {"decision": str(each.id), "outcome": each.outcome}
        if each.decided_by == "rules":
            yield _entry(ActKind.PREPARED, _kept_at(each, file.acts), "rules", of)
        if each.released_by == "rules":
            yield _entry(ActKind.RELEASED, each.released_at, "rules", of)
        if each.withdrawn_at:
            yield _entry(ActKind.ENDED, each.withdrawn_at, "rules", of | {"because": each.ended_because})


def _kept_at(decision: Decision, acts: Sequence[Act]) -> datetime:
    """What follows from a change is worked out first, and kept in one step with it."""
    at = decision.prepared_at
    changed = (each.at for each in acts if each.act == ActKind.FACTS_CHANGED and at <= each.at <= at + KEPT_WITHIN)
    return min(changed, default=at)


def _act(act: Act) -> dict[str, Any]:
    return {**_entry(act.act, act.at, act.subject, json.loads(act.detail)), "number": act.number, "hash": act.hash}


def _entry(act: str, at: Any, by: str, detail: dict[str, Any]) -> dict[str, Any]:
    text = text_of(act, ActKind)
    said = {"de": text.de, "en": text.en}
    happened_at = datetime.fromisoformat(detail["at"]) if "at" in detail else at
    return {
        "at": at,
        "happened_at": happened_at,
        "by": by,
        "act": str(act),
        "text": said,
        "detail": detail,
        "number": None,
        "hash": None,
    }
