"""Rule sets as people read them: versions, what differs, which law tests are red, what a simulation found."""

import json
import re
from collections.abc import Sequence
from typing import Any

from shared.errors import Conflict, Problem, Text

from eligibility.rules import Rules
from eligibility.rules.rule_set.difference import Change
from eligibility.rules.trials.law_tests import FailedSentence, SentenceReport
from eligibility.web.facts_view import OUTCOMES
from eligibility.web.formatter import Formatter
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetVersion

STATES = {
    "draft": ("warning", Text("Entwurf", "Draft")),
    "tried": ("info", Text("Geprüft", "Tried")),
    "published": ("success", Text("Veröffentlicht", "Published")),
}
EFFECTS = {
    "gains": Text("bekommen neu eine Bewilligung", "are granted now"),
    "loses": Text("verlieren die Bewilligung", "lose the grant"),
    "pays_less": Text("zahlen weniger", "pay less"),
    "pays_more": Text("zahlen mehr", "pay more"),
    "asked": Text("müssten geprüft werden", "would be looked at by a person"),
    "same": Text("unverändert", "unchanged"),
}
PLACE = re.compile(r"Zeile (\d+), Spalte (\d+)")
STARTER = """name: eigener-regelsatz
title: Regelsatz unserer Stadt
version: "1"
origin: nrw
parameters: {}
choices: {}
tests:
  base: {}
  sentences: []
"""
"""What a new draft begins with: the law's rule set, nothing adapted."""


def in_force(rules: Rules) -> dict[str, str]:
    """Title and version of the rules by which the authority decides."""
    return {"title": rules.rule_set.title, "version": rules.version}


def version(one: RuleSetVersion, now: str, say: Formatter) -> dict[str, Any]:
    """A version as a line or the head of its page.

    Args:
        now: the version in force, which is marked.
    """
    colour, state = STATES[one.state]
    return {
        "id": one.id,
        "mark": one.mark,
        "title": str(one.content.get("title") or one.name),
        "name": one.name,
        "version": one.rules_version,
        "colour": colour,
        "state": say.text(state),
        "origin": one.origin or "",
        "from": say.day(one.in_force_from) if one.in_force_from else "",
        "changed": say.moment(one.changed_at),
        "published": say.moment(one.published_at) if one.published_at else "",
        "published_by": one.published_by or "",
        "in_force": one.state == "published" and one.rules_version == now,
        "authority": one.authority_id,
        "is_published": one.state == "published",
        "is_tried": one.state == "tried",
    }


def stands(text: str, problem: Problem | None) -> str:
    """The draft as it stands, to be read beside what was typed where somebody else has changed it meanwhile; else
    empty."""
    return text if isinstance(problem, Conflict) and any(each.field == "text" for each in problem.problems) else ""


def problems(problem: Problem | None, say: Formatter) -> list[tuple[str, str]]:
    """For the alert: each with a link to the text area where it names a line of it."""
    if problem is None:
        return []
    found = problem.problems or ()
    told = [("text" if PLACE.search(each.text.de) else "", say.text(each.text)) for each in found]
    return told or [("", say.text(problem.text))]


def excerpts(problem: Problem | None, text: str) -> list[tuple[int, str, str]]:
    """Line number, the line itself, and a mark under the column, for each place that a problem names."""
    lines, found = text.split("\n"), []
    for each in problem.problems if problem else ():
        place = PLACE.search(each.text.de)
        if place and 1 <= int(place[1]) <= len(lines):
            number, column = int(place[1]), int(place[2])
            found.append((number, lines[number - 1][:200], " " * min(column - 1, 200) + "^"))
    return found


def changes(found: Sequence[Change], say: Formatter) -> list[dict[str, Any]]:
    """Changed entries with both values in words; `own`: the authority has adapted it."""
    return [
        {"path": each.path, "before": _value(each.before, say), "after": _value(each.after, say), "own": each.adapted}
        for each in found
    ]


def trial(found: SentenceReport, say: Formatter) -> dict[str, Any]:
    """What the law tests said, with the sentences that fail."""
    return {
        "sentences": say.number(found.sentences),
        "failed": failed_sentences(found.failed, say),
        "changed": failed_sentences(found.changed, say),
    }


def failed_sentences(found: Sequence[FailedSentence], say: Formatter) -> list[dict[str, Any]]:
    """Law tests that do not hold: what was expected, and what came."""
    return [
        {
            "name": each.name,
            "basis": each.basis,
            "differences": [
                (key, _value(wanted, say), _value(came, say)) for key, (wanted, came) in each.differences.items()
            ],
        }
        for each in found
    ]


def simulation(found: dict[str, Any], say: Formatter) -> dict[str, Any]:
    """What a draft would change: effects, outcomes, and cost by month and year."""
    cost = found["cost_of_the_year_cents"]
    return {
        "cases": say.number(found["cases"]),
        "unusable": found["unusable"],
        "effects": [(say.text(EFFECTS[name]), say.number(count)) for name, count in found["effects"].items()],
        "outcomes": [
            (say.text(OUTCOMES[name]), say.number(found["outcomes_before"].get(name, 0)),
             say.number(found["outcomes_after"].get(name, 0)))
            for name in OUTCOMES
        ],
        "cost": (say.euros(cost["before"]), say.euros(cost["after"])),
        "months": [
            (month, say.euros(each["before"]), say.euros(each["after"]))
            for month, each in found["cost_by_month_cents"].items()
        ],
        "without_fare": found["grants_without_fare"],
        "unknown_cost": cost["before"] is None or cost["after"] is None,
        "fare": say.euros(found["fare_cents"]) if found.get("fare_cents") is not None else "",
        "examples": [
            (say.text(EFFECTS[effect]), [_example(each, say) for each in examples[:3]])
            for effect, examples in found["examples"].items()
            if effect in EFFECTS
        ],
    }  # fmt: skip


def _example(one: dict[str, Any], say: Formatter) -> tuple[str, str, str]:
    """Case, before, after: outcome, own share and the reasons."""
    return one["label"], _explained(one["before"], say), _explained(one["after"], say)


def _explained(one: dict[str, Any], say: Formatter) -> str:
    text = say.text(OUTCOMES[one["outcome"]])
    if one["own_share_cents"] is not None:
        text += f", {say.euros(one['own_share_cents'])}"
    told = [each["text"] if say.language == "de" else each["text_en"] for each in one["reasons"]]
    return f"{text}. {' '.join(told)}"


def _value(value: Any, say: Formatter) -> str:
    if value is None:
        return say.t("(fehlt)", "(missing)")
    if isinstance(value, list) and value and all(isinstance(each, dict) and "valid_from" in each for each in value):
        return "\n".join(_period(each, say) for each in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1, default=str)


def _period(one: dict[str, Any], say: Formatter) -> str:
    """A value, a price or an entry that is dated: from when to when, what, and on what it rests."""
    begins, ends = say.day(one["valid_from"]), one.get("valid_until")
    when = f"{begins} – {say.day(ends)}" if ends else say.t(f"ab {begins}", f"from {begins}")
    if "value" in one:
        said = json.dumps(one["value"], ensure_ascii=False)
    elif "monthly_cents" in one:
        said = say.euros(one["monthly_cents"])
    else:
        rest = {name: each for name, each in one.items() if name not in ("valid_from", "valid_until", "source")}
        said = json.dumps(rest, ensure_ascii=False)
    on = "; ".join(str(one[name]) for name in ("legal_basis", "source") if one.get(name))
    return f"{when}: {said}" + (f" ({on})" if on else "")
