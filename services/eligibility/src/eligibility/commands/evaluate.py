"""`eligibility evaluate` and `eligibility facts-schema`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from shared.errors import Invalid

if TYPE_CHECKING:
    from eligibility.rules.evaluation import EvaluationJson

UNUSABLE = 2
"""Exit code where the facts or the rule set cannot be used."""


def add_to(app: typer.Typer) -> None:
    """Add `evaluate` and `facts-schema`."""
    app.command()(evaluate)
    app.command("facts-schema")(facts_schema)


def evaluate(
    facts: Annotated[str, typer.Argument(help="FACTS.json, or - for standard input.")],
    rules: Annotated[str, typer.Option(help="A preset (nrw, he, rp) or a rule set's file (YAML or JSON).")] = "nrw",
    as_json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
) -> None:
    """One decision from given facts, sharp at the limit. Exits with 0 whatever the outcome, 2 for unusable facts."""
    from eligibility import presets
    from eligibility.rules import evaluate as decide
    from eligibility.rules import read

    what = facts
    try:
        given = read(sys.stdin.buffer.read() if facts == "-" else Path(facts).read_bytes())
        what = rules
        decision = decide(given, presets.rules_by_name(rules)).as_json()
    except OSError as error:
        typer.echo(f"{what}: {error.strerror}", err=True)
        raise typer.Exit(UNUSABLE) from None
    except Invalid as error:
        typer.echo(f"{what}: {error.text.en}", err=True)
        for problem in error.problems:
            typer.echo(f"  {problem.field}: {problem.text.en}", err=True)
        raise typer.Exit(UNUSABLE) from None
    typer.echo(json.dumps(decision, ensure_ascii=False, indent=2) if as_json else _readable(decision))


def facts_schema(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> None:
    """The JSON Schema of FACTS.json."""
    from eligibility.rules import json_schema

    text = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


OUTCOMES = {"granted": "bewilligt", "refused": "abgelehnt", "review": "an die Sachbearbeitung"}
MARKS = {"met": "+", "not_met": "-", "question": "?", "note": " "}


def _readable(decision: "EvaluationJson") -> str:
    lines = [f"{decision['outcome']} ({OUTCOMES[decision['outcome']]})"]
    lines += [f" {MARKS[each['result']]} {each['text']} ({each['legal_basis']})" for each in decision["reasons"]]
    lines.append(f"   {decision['rules_version']}")
    return "\n".join(lines)
