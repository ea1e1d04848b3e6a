"""`eligibility forms …`: what an authority adds to the form of an application."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from uuid import UUID

import typer
from shared.errors import Problem

if TYPE_CHECKING:
    from shared.events.own_form import WrittenForm

UNUSABLE = 2
"""Exit code where a file cannot be used."""
OPERATOR = "operator"
"""Who imports is no person of the authority, so that one of them publishes it."""

app = typer.Typer(no_args_is_help=True, help="Words and questions that an authority adds to the form.")


@app.command()
def check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON.")]) -> None:
    """Check a form: every mistake with line, column and remedy. Exits with 2 where there is one."""
    form, _ = _form(file)
    beneath = f", on top of {form.taken_over_from}'s" if form.taken_over_from else ""
    typer.echo(f"{len(form.texts)} texts, {len(form.questions)} questions{beneath}")


@app.command("import")
def import_form(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON.")],
    authority: Annotated[str, typer.Option(help="Number of the authority.")],
) -> None:
    """Keep a form as a draft, which a person of the authority then publishes. Exits with 2 where it cannot be used."""
    from eligibility.commands.settings import database
    from eligibility.workflow.rule_sets.own_form_desk import WrittenDraft, draft_form

    form, text = _form(file)
    opened = database()
    try:
        written = WrittenDraft(text, form, OPERATOR, datetime.now(UTC))
        draft = opened.write_now(lambda store: draft_form(store, authority, written))
    except Problem as error:
        _refuse(str(file), error)
    finally:
        opened.close()
    typer.echo(str(draft.id))


@app.command()
def publish(
    form: Annotated[UUID, typer.Argument(help="Id of the draft, as `import` and `show` say it.")],
    authority: Annotated[str, typer.Option(help="Number of the authority.")],
    valid_from: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day; today where it is not said.")
    ] = None,
) -> None:
    """Publish a draft, where the authority lets one person do so alone; else one of its administrators does. Exits with
    2 where it may not be."""
    from shared.calendar import day_in_berlin

    from eligibility.commands.settings import database
    from eligibility.workflow.rule_sets.own_form_desk import of_authority, publish_form
    from eligibility.workflow.rule_sets.own_form_versions import OwnFormId

    now = datetime.now(UTC)
    day = day_in_berlin(now) if valid_from is None else valid_from.date()
    opened = database()
    try:
        version = opened.write_now(
            lambda store: publish_form(
                store, of_authority(store.own_form(OwnFormId(form), lock=True), authority), OPERATOR, day, now
            )
        )
    except Problem as error:
        _refuse(str(form), error)
    finally:
        opened.close()
    typer.echo(f"version {version.version}, from {version.valid_from}")


@app.command()
def show(authority: Annotated[str, typer.Option(help="Number of the authority.")]) -> None:
    """The authority's versions, the newest first."""
    from eligibility.commands.settings import database

    opened = database()
    for each in opened.read_now(lambda store: store.own_forms(authority)):
        number = "draft" if each.version is None else f"version {each.version}, from {each.valid_from}"
        beneath = f", on top of {each.taken_over_from}'s" if each.taken_over_from else ""
        size = f"{len(each.content.texts)} texts, {len(each.content.questions)} questions"
        typer.echo(f"{each.id}: {number}, {size}{beneath}")
    opened.close()


@app.command("facts")
def facts_for_conditions() -> None:
    """What a question's condition can name, with its type."""
    from shared.own_forms.conditions import FACTS

    for name, kind in FACTS.items():
        typer.echo(f"{name:28} {kind}")


def _form(file: Path) -> "tuple[WrittenForm, str]":
    from eligibility.rules.own_form.document import read_form

    try:
        text = file.read_text(encoding="utf-8")
        return read_form(text), text
    except UnicodeDecodeError:
        sys.stderr.write(f"{file}: The file is not written in UTF-8.\n")
        raise typer.Exit(UNUSABLE) from None
    except Problem as error:
        _refuse(str(file), error)


def _refuse(what: str, error: Problem) -> NoReturn:
    sys.stderr.write(f"{what}: {error.text.en}\n")
    for problem in error.problems:
        if problem.field or problem.text != error.text:  # else said already
            sys.stderr.write(f"  {problem.field}: {problem.text.en}\n")
    raise typer.Exit(UNUSABLE) from None
