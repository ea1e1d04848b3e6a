"""`eligibility recompute`: what was decided comes out again, byte for byte, by the versions that the decisions name."""

import json
from functools import cache
from typing import TYPE_CHECKING, Annotated

import typer
from shared.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.database import Database

    from eligibility.domain.decision import Decision
    from eligibility.rules import Rules
    from eligibility.store import Store
    from eligibility.workflow.decision.recompute import Recomputation, Report

UNUSABLE = 2
"""Exit code where there is no such decision, or nothing to decide by."""
RED = 1
"""Exit code where a decision comes out otherwise."""
PART = 500
"""Decisions read at once."""


def recompute(
    decision: Annotated[str | None, typer.Argument(help="The decision's id; without one, all that are kept.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
) -> None:
    """Compute decisions again, by the versions they name. Exits with 0 where all are the same, else 1."""
    from eligibility.commands.settings import database

    opened = database()
    try:
        red = _one(opened, decision, as_json) if decision is not None else _all(opened, as_json)
    except NotFound as error:
        typer.echo(error.text.en, err=True)
        raise typer.Exit(UNUSABLE) from None
    finally:
        opened.close()
    if red:
        raise typer.Exit(RED)


def _one(opened: "Database[Store]", decision_id: str, as_json: bool) -> bool:
    kept = opened.read_now(lambda store: store.kept_decision(decision_id))
    result = _again(kept, lambda version: _rules(opened, version))
    if result is None:
        typer.echo("its facts were erased: nothing is left to compute from")
        return False
    if isinstance(result, str):
        typer.echo(f"{kept.rules_version}: {result}", err=True)
        return True
    if as_json:
        typer.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    elif result.same:
        typer.echo(f"{result.rules_version}: the same in {len(result.kept)} parts ({', '.join(result.kept)})")
    else:
        typer.echo(f"{result.rules_version}: differs in {', '.join(result.differences)}")
        content = result.as_json()
        for name in result.differences:
            typer.echo(f"    {name}: kept {content['kept'][name]!r}, again {content['again'].get(name)!r}")
    return not result.same


def _all(opened: "Database[Store]", as_json: bool) -> bool:
    from eligibility.workflow.decision.recompute import Report

    report, last = Report(), ""
    rules = cache(lambda version: _rules(opened, version))
    while part := opened.read_now(lambda store, after=last: store.kept_decisions(after, PART)):  # type: ignore[misc]
        for each in part:
            report.add(each, _again(each, rules))
        last = str(part[-1].id)
        typer.echo(f"\r{report.decisions:,} decisions", err=True, nl=False)
    typer.echo("", err=True)
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else _readable(report))
    return report.count_differing > 0


def _again(kept: "Decision", rules: "Callable[[str], Rules]") -> "Recomputation | str | None":
    from eligibility.workflow.decision.recompute import compare_decision

    if not kept.facts:
        return None
    try:
        return compare_decision(kept, rules(kept.rules_version))
    except (NotFound, Invalid) as error:
        return error.text.en


def _rules(opened: "Database[Store]", version: str) -> "Rules":
    from eligibility.presets import kept_rules

    return opened.read_now(lambda store: kept_rules(store.archived, version))


def _readable(report: "Report") -> str:
    lines = [
        f"{report.decisions:,} decisions: {report.same:,} the same, {report.count_differing:,} differ, "
        f"{report.erased:,} without facts (erased)"
    ]
    lines += [f"  {each['decision']} ({each['rules_version']}): {each['differs_in']}" for each in report.differing]
    return "\n".join(lines)
