"""A document laid over its origin: what it does not say is the origin's, and the law of other years stays what it was. Pure.

Everything that is dated (parameters, fares of a product, conditions, stretches of the danger list) is replaced from the
first day that the document names, not before: whoever writes a new limit from next summer on does not take the law of
this year away, by which late applications are still decided. Where the document's own last period ends, the origin goes
on; where it does not end, it holds for good, also over what the origin knows of later.

What cannot be read as such is left as it is written: its mistakes are told where it is checked.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from shared.calendar import day_after, day_before

from eligibility.rules.rule_set.content import RuleSetContent, Written
from eligibility.rules.rule_set.positions import Path

Period = Mapping[str, object]


def over_origin(own: Written, whole: RuleSetContent) -> Written:
    """`own`: what the document says itself; `whole`: its origin's content. Inherited entries come first."""
    merged: dict[str, object] = {**whole, **own}
    parameters, choices, conditions = own.get("parameters", {}), own.get("choices", {}), own.get("conditions", [])
    if isinstance(parameters, dict):
        known = whole["parameters"]
        merged["parameters"] = {
            **known,
            **{each: join_periods(value, known.get(each)) for each, value in parameters.items()},
        }
    if isinstance(choices, dict):
        chosen = whole.get("choices", {})
        merged["choices"] = {**chosen, **{each: _choice(each, value, chosen) for each, value in choices.items()}}
    if isinstance(conditions, list):
        merged["conditions"] = [*_others(conditions, whole.get("conditions", [])), *conditions]
    return merged


def own_place(path: Path, merged: Written, own: Written) -> Path:
    """Where something of the merged rule set stands in the document: entries that were inherited came before its own.
    What is wrong with an inherited one is told at the document's first."""
    place: list[str | int] = []
    theirs: object = own
    ours: object = merged
    for each in path:
        if isinstance(each, int) and isinstance(ours, list) and isinstance(theirs, list):
            place.append(max(each - _inherited(ours, theirs), 0))
        else:
            place.append(each)
        ours, theirs = _within(ours, each), _within(theirs, place[-1])
    return tuple(place)


def _inherited(ours: list[object], theirs: list[object]) -> int:
    """How many entries stand before the first of the document's own."""
    return next((index for index, each in enumerate(ours) if theirs and each is theirs[0]), 0)


def _within(value: object, step: str | int) -> object:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
        return value[step]
    return None


def join_periods(own: object, known: object) -> object:
    """Periods of a document, with the origin's before its first day and after its last one."""
    if not own or not isinstance(own, list) or not isinstance(known, list):
        return own
    spans = _spans(own)
    if spans is None:
        return own
    first, last = spans[0][0], spans[-1][1]
    before = [cut for each in known if (cut := _before(each, first)) is not None]
    after = [
        cut for each in known if last not in (None, date.max) and (cut := _from(each, day_after(last))) is not None
    ]
    return [*before, *own, *after]


def _choice(name: str, value: object, known: Mapping[str, object]) -> object:
    if not isinstance(value, list):
        return value
    kept = known.get(name)
    listed = kept if isinstance(kept, list) else []
    if name == "products":
        fares = {each["key"]: each.get("fares") for each in listed}
        return [_product(each, fares) for each in value]
    if name == "danger_list":
        return [*_earlier(value, listed), *value]
    return value


def _product(own: object, fares: Mapping[str, object]) -> object:
    if not isinstance(own, dict) or "fares" not in own or not isinstance(own.get("key"), str):
        return own
    return {**own, "fares": join_periods(own["fares"], fares.get(own["key"]))}


def _others(own: Sequence[object], known: Iterable[Period]) -> list[Period]:
    """Of the origin's entries by key: those that the document does not name, and the time before it does."""
    named = {each.get("key") for each in own if isinstance(each, dict) and isinstance(each.get("key"), str)}
    known = list(known)
    return [*(each for each in known if each["key"] not in named), *_earlier(own, known)]


def _earlier(own: Sequence[object], known: Iterable[Period]) -> list[Period]:
    """Of the origin's entries that the document names too, the time before the first day that it names."""
    begins: dict[object, date] = {}
    for each in own:
        spans = _spans([each])
        if spans is not None and isinstance(each, dict) and isinstance(each.get("key"), str):
            begins[each["key"]] = min(spans[0][0], begins.get(each["key"], date.max))
    of_these = [each for each in known if each["key"] in begins]
    return [cut for each in of_these if (cut := _before(each, begins[each["key"]])) is not None]


def _before(period: Period, day: date) -> Period | None:
    """As far as it lies before that day; before the first day that there is lies nothing."""
    return None if day == date.min else _until(period, day_before(day))


def _until(period: Period, day: date) -> Period | None:
    """As far as it lies before the end of that day."""
    (span,) = _spans([period]) or ((date.max, None),)
    if span[0] > day:
        return None
    return period if span[1] is not None and span[1] <= day else {**period, "valid_until": day.isoformat()}


def _from(period: Period, day: date) -> Period | None:
    """As far as it lies after the beginning of that day."""
    (span,) = _spans([period]) or ((date.max, date.min),)
    if span[1] is not None and span[1] < day:
        return None
    return period if span[0] >= day else {**period, "valid_from": day.isoformat()}


def _spans(periods: object) -> list[tuple[date, date | None]] | None:
    """First and last days; None where something is no period."""
    if not isinstance(periods, list):
        return None
    found = []
    for each in periods:
        if not isinstance(each, dict) or "valid_from" not in each:
            return None
        try:
            ends = each.get("valid_until")
            found.append((_day(each["valid_from"]), None if ends is None else _day(ends)))
        except ValueError:
            return None
    return found


def _day(value: object) -> date:
    return value if type(value) is date else date.fromisoformat(str(value))
