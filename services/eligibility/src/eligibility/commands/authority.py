"""`eligibility authority set FILE`: who decides here."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from eligibility.domain.authority import Authority

app = typer.Typer(no_args_is_help=True, help="School authorities that decide here.")


@app.callback()
def _authority() -> None:
    """School authorities that decide here."""  # keeps `set` a sub-command though it is the only one


@app.command("set")
def set_authority(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The authority's settings, YAML or JSON.")],
) -> None:
    """Set an authority up, or change its settings. Cases decided before keep what they were decided by."""
    from pydantic import ValidationError
    from shared.calendar import day_in_berlin
    from shared.errors import Invalid

    from eligibility.commands.settings import database
    from eligibility.store.places.courts import with_court

    try:
        authority = authority_of(file)
    except ValidationError as error:
        for entry in error.errors(include_url=False):
            typer.echo(f"{file}: {'.'.join(map(str, entry['loc']))}: {entry['msg']}", err=True)
        raise typer.Exit(2) from None
    except Invalid as error:
        typer.echo(f"{file}: {error.text.en}", err=True)
        raise typer.Exit(2) from None
    opened = database()
    opened.write_now(lambda store: store.set_authority(authority))
    opened.close()
    known = with_court(authority, day_in_berlin(datetime.now(UTC)))
    if not known.can_send():
        typer.echo("no administrative court is known: nothing is released until the settings name it (court), or where "
                   "the authority sits (municipality, its official key)", err=True)  # fmt: skip
    elif known.court is not None:
        typer.echo(f"notices name the court: {known.court.name}, {known.court.address}")
    typer.echo(f"authority {authority.id} ({authority.name}) decides by {authority.rules}; "
               f"a person releases: {authority.release_by_person}")  # fmt: skip


def authority_of(file: Path) -> "Authority":
    """The settings in a file.

    Raises:
        Invalid: and pydantic.ValidationError.
    """
    import yaml
    from shared.errors import Invalid, Text

    from eligibility import presets
    from eligibility.domain.authority import Authority
    from eligibility.rules.rule_set.positions import check_bounds

    try:
        text = file.read_text(encoding="utf-8")
        check_bounds(text)
        content = json.dumps(yaml.safe_load(text), default=str)
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        # a tag on a value that is none of its kind (`!!bool x`) raises what its constructor likes
        said = str(error)[:300]
        raise Invalid(Text(f"Weder YAML noch JSON: {said}", f"Neither YAML nor JSON: {said}"), field="") from None
    authority = Authority.model_validate_json(content)
    presets.preset(authority.rules)
    return authority
