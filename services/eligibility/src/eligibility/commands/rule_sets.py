"""`eligibility rules …`, `eligibility simulate` and `eligibility recompute`."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from shared.errors import Invalid

from eligibility.commands import recompute as recomputing

if TYPE_CHECKING:
    from eligibility.rules.rule_set.document import Document
    from eligibility.rules.trials.simulation import Example, TallyJson

UNUSABLE = 2
"""Exit code where a file cannot be used."""
RED = 1
"""Exit code where law tests fail, or a decision comes out otherwise."""

app = typer.Typer(no_args_is_help=True, help="Rule sets of an authority: check, test, compare, take over.")


def add_to(root: typer.Typer) -> None:
    """Add the group `rules`, `simulate` and `recompute`."""
    root.add_typer(app, name="rules")
    root.command()(simulate)
    root.command()(recomputing.recompute)


@app.command()
def check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON.")]) -> None:
    """Check a rule set: every mistake with line, column and remedy. Exits with 2 where there is one."""
    document = _document(file)
    origin = f", on top of {document.origin}" if document.origin else ""
    rule_set = document.rules.rule_set
    typer.echo(
        f"{document.rules.version}{origin}: {len(rule_set.parameters)} parameters, "
        f"{len(rule_set.conditions)} conditions, {len(document.tests.sentences)} law tests"
    )


@app.command()
def test(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON.")]) -> None:
    """Run the rule set's own law tests and the sentences of its law. Exits with 1 where one fails."""
    from eligibility.rules.trials import law_tests

    checked = law_tests.check(_document(file))
    chosen = Counter(text.en for each in checked.changed for _, text in each.because)
    for place, count in chosen.items():
        typer.echo(f"~ {place}: {count} sentences of the law expect something else; the authority may choose so")
    for each in checked.failed:
        typer.echo(f"✗ {each.name} ({each.basis})")
        for key, (wanted, came) in each.differences.items():
            typer.echo(f"    {key}: expected {wanted!r}, came {came!r}")
        for _, text in each.because:
            typer.echo(f"    {text.en}")
    hold = checked.sentences - len(checked.failed) - len(checked.changed)
    typer.echo(
        f"{hold} of {checked.sentences} sentences hold, {len(checked.changed)} are changed by a choice of the "
        f"authority, {len(checked.failed)} fail"
    )
    if checked.failed:
        raise typer.Exit(RED)


@app.command()
def schema(output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None) -> None:
    """The JSON Schema of a rule set, for editors: `# yaml-language-server: $schema=FILE`."""
    from eligibility.rules.rule_set.document import json_schema

    text = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="A preset or a file.")],
    after: Annotated[str, typer.Argument(help="A preset or a file.")],
) -> None:
    """What differs between two rule sets, as JSON."""
    from eligibility import presets
    from eligibility.rules.rule_set.difference import difference

    try:
        found = difference(presets.rules_by_name(before).rule_set, presets.rules_by_name(after).rule_set)
    except Invalid as error:
        _refuse(f"{before}, {after}", error)
    typer.echo(json.dumps([each.as_json() for each in found], ensure_ascii=False, indent=2, default=str))


@app.command("facts")
def facts_for_conditions() -> None:
    """The facts that a condition can name, with their types."""
    from eligibility.rules.rule_set.conditions import fact_names

    for name, kind in fact_names().items():
        typer.echo(f"{name:42} {kind}")


def simulate(
    facts: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Cases: JSONL of FACTS, or CSV.")],
    draft: Annotated[str, typer.Option(help="The rule set to try: a file, or a preset.")],
    against: Annotated[str, typer.Option(help="The rule set to compare with: a preset or a file.")] = "nrw",
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures and examples as JSON.")] = False,
    workers: Annotated[int | None, typer.Option(help="Processes; default: one for each core.")] = None,
) -> None:
    """Try a draft out: who gains, who loses, what it costs a month and a year, with both explanations."""
    from eligibility import presets
    from eligibility.simulating import from_path, run

    def progress(done: int) -> None:
        typer.echo(f"\r{done:,} cases", err=True, nl=False)

    try:
        before, after = presets.rules_by_name(against), presets.rules_by_name(draft)
        tally = run(from_path(facts), before, after, progress, workers)
    except Invalid as error:
        _refuse(draft, error)
    typer.echo("", err=True)
    result = tally.as_json(before.version, after.version)
    typer.echo(json.dumps(result, ensure_ascii=False, indent=2) if as_json else readable(result))


def readable(result: "TallyJson") -> str:
    """The figures as a table, and two examples of each change."""
    year, missing = result["cost_of_the_year_cents"], result["grants_without_fare"]
    was, becomes = year["before"], year["after"]
    cost = "  year       the cost is unknown: no fare is known"
    if was is not None and becomes is not None:
        cost = f"  year       {was / 100:16,.2f} -> {becomes / 100:16,.2f} euros"
    if missing:
        named = "1 grant" if missing == 1 else f"{missing:,} grants"
        cost += f"\n  {named} without a known fare: not counted in the cost (give a product or monthly_fare_cents)"
    lines = [
        f"{result['cases']:,} cases ({result['unusable']:,} unusable)",
        f"  {result['rules_before']}  ->  {result['rules_after']}",
        *(f"  {name:10} {count:10,}" for name, count in result["effects"].items()),
        *(
            f"  {month}    {each['before'] / 100:16,.2f} -> {each['after'] / 100:16,.2f} euros"
            for month, each in result["cost_by_month_cents"].items()
        ),
        cost,
    ]
    for effect, examples in result["examples"].items():
        for each in examples[:2]:
            lines.append(f"{effect}: {each['label']}")
            lines += _side_by_side(each) if "problem" not in each else [f"    {each['problem']}"]
    return "\n".join(lines)


def _side_by_side(example: "Example") -> list[str]:
    """Both outcomes, and of the explanations what only one of them says (--json has them whole)."""
    before, after = example["before"], example["after"]
    lines = []
    for side, mine, other in (("before", before, after), ("after", after, before)):
        share = mine["own_share_cents"]
        paid = f", own share {share / 100:.2f} euros a month" if share is not None else ""
        lines.append(f"    {side}: {mine['outcome']}{paid}")
        lines += [
            f"        {one['text']} ({one['legal_basis']})" for one in mine["reasons"] if one not in other["reasons"]
        ]
    return lines


def _document(file: Path) -> "Document":
    from eligibility import presets

    try:
        return presets.from_file(file)
    except Invalid as error:
        _refuse(str(file), error)


def _refuse(what: str, error: Invalid) -> NoReturn:
    sys.stderr.write(f"{what}: {error.text.en}\n")
    for problem in error.problems:
        if problem.field or problem.text != error.text:  # else said already
            sys.stderr.write(f"  {problem.field}: {problem.text.en}\n")
    raise typer.Exit(UNUSABLE) from None
