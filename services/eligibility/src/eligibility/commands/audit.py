"""`eligibility audit verify`: whether the audit trail is whole."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The audit trail: every act is linked to the one before.")


@app.callback()
def _audit() -> None:
    """The audit trail."""  # keeps `verify` a sub-command though it is the only one


@app.command()
def verify(
    authority: Annotated[str | None, typer.Option(help="Only this school authority.")] = None,
    expect: Annotated[
        str | None,
        typer.Option(help="NUMBER:HASH as printed earlier and kept elsewhere: that act must still be there."),
    ] = None,
) -> None:
    """Check every link. Exits with 1 where an act was changed, left out or cut off, and says which."""
    from eligibility.commands.settings import database
    from eligibility.workflow.audit import broken

    opened = database()
    try:
        heads = opened.read_now(lambda store: store.heads())
        if authority is not None and authority not in heads:
            typer.echo(f"{authority}: no acts of such an authority are kept", err=True)
            raise typer.Exit(2)
        chosen = {authority: heads.get(authority, (0, ""))} if authority else heads
        faults = 0
        if not chosen:
            typer.echo("no acts are kept yet")
        for name, head in sorted(chosen.items()):
            acts = opened.read_now(lambda store, name=name: list(store.chain(name)))  # type: ignore[misc]
            fault = broken(acts, head) if acts or head[0] else None
            if fault is None and expect and not any(f"{each.number}:{each.hash}" == expect for each in acts):
                fault = f"act {expect.split(':')[0]} is not what was expected"
            faults += fault is not None
            typer.echo(f"{name}: {fault}" if fault else f"{name}: {len(acts)} acts hold, newest {head[0]}:{head[1]}")
    finally:
        opened.close()
    if faults:
        raise typer.Exit(1)
