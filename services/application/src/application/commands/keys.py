"""`application keys …`: the keys of families, and the wrapping keys that wrap them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from shared.options import no_device

from application.commands.settings import with_settings

if TYPE_CHECKING:
    from application.store import SqlStore

app = typer.Typer(no_args_is_help=True, help="Keys under which what families write is encrypted.")


@app.command("wrapping-key")
def write_wrapping_key(
    file: Annotated[
        Path, typer.Argument(dir_okay=False, callback=no_device, help="APPLICATION_KEYS_FILE of the service.")
    ],
    rotate: Annotated[bool, typer.Option("--rotate", help="Put a new key before those that are there.")] = False,
) -> None:
    """Write a new wrapping key, readable by the owner alone; a file that is there stays as it is, unless --rotate is
    given.

    After --rotate: start the service anew, and `application keys rewrap`.
    """
    from shared.encryption.wrapping_keys import add_wrapping_key

    if file.exists() and not rotate:
        typer.echo(f"{file}: is there already")
        return
    add_wrapping_key(file)
    typer.echo(f"{file}: a new key")


@app.command()
def rewrap(
    drop_earlier: Annotated[
        bool, typer.Option("--drop-earlier", help="Take the earlier wrapping keys out of the file afterwards.")
    ] = False,
) -> None:
    """Wrap all keys of families by the newest wrapping key. Nothing that families wrote is touched. It may be cut off
    and run again, while the service runs."""
    from shared.encryption.wrapping_keys import keep_newest

    from application.main import open_keys
    from application.settings import KeySettings

    settings = with_settings(KeySettings)
    store = open_keys(settings.keys_url, settings.keys_file).store
    done = 0
    for done, total in store.rewrap():
        typer.echo(f"{done} of {total}", err=True)
    store.drop_remains()
    typer.echo(f"{done} keys wrapped anew")
    if drop_earlier:
        typer.echo(f"{keep_newest(settings.keys_file)} earlier wrapping keys taken out of {settings.keys_file}")


@app.command("encrypt-rows")
def encrypt_rows() -> None:
    """Encrypt what was kept before there were keys, while the service runs. It may be cut off and run again."""
    _change_rows(lambda store: store.encrypt_rows())


@app.command("decrypt-rows")
def decrypt_rows() -> None:
    """Decrypt all, with the service stopped, before `application migrate --back-to` a program that knows no keys."""
    _change_rows(lambda store: store.decrypt_rows())


def _change_rows(change: "Callable[[SqlStore], Iterator[int]]") -> None:
    from shared.database.remains import drop_remains
    from shared.runtime.start import own_database

    from application.main import open_database, open_keys
    from application.settings import DatabaseSettings, KeySettings

    url = own_database("application", with_settings(DatabaseSettings).database_url)
    settings = with_settings(KeySettings)
    database = open_database(url, open_keys(settings.keys_url, settings.keys_file))
    total, changed = database.read_now(lambda store: store.count_families()), 0
    with typer.progressbar(length=total, label="applications and drafts") as bar:
        for count in database.write_in_steps(change):
            changed += count
            bar.update(1)
    drop_remains(url)
    typer.echo(f"{changed} values changed")
