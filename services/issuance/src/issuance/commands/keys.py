"""Commands of the key ceremony after the first, where the root's secrets are: rotation, theft, renewal, modules.

They work on encrypted files and on a PKCS#11 token alike. A running signer takes what they publish within seconds.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from shared.calendar import in_berlin
from shared.durable_files import write_durably
from shared.options import no_device

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from issuance.signer.rotation import Keeper

app = typer.Typer(no_args_is_help=True, help="Rotate keys, extend the trust list, and say that a key was stolen.")
Result = TypeVar("Result")


class KeyUse(StrEnum):
    TICKET = "ticket"
    STATUS = "status"


Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder of the ceremony.")]
Passphrase = Annotated[Path | None, typer.Option(envvar="SIGNER_PASSPHRASE_FILE", exists=True, dir_okay=False)]
Token = Annotated[
    str, typer.Option(envvar="SIGNER_TOKEN_URI", help="PKCS#11 token of the signer's keys (RFC 7512, PIN as a file).")
]
Person = Annotated[
    list[Path] | None,
    typer.Option(exists=True, dir_okay=False, help="Passphrase file of each person who opens the root, in order."),
]
Use = Annotated[KeyUse, typer.Option(help="The key that signs tickets, or the one that signs status lists.")]
Since = Annotated[str, typer.Option(help="ISO 8601; without offset it is Berlin time.")]


@app.command("next")
def add_next(
    folder: Folder,
    passphrase_file: Passphrase = None,
    token: Token = "",
    person: Person = None,
    use: Use = KeyUse.TICKET,
) -> None:
    """Make the next key and publish it; a week later it may sign."""
    key_id = _do(folder, passphrase_file, token, person, lambda keeper, now: keeper.add_next(now, use))
    typer.echo(f"key {key_id.hex()} is next; rotate in a week or later")


@app.command()
def rotate(  # noqa: PLR0917
    folder: Folder,
    passphrase_file: Passphrase = None,
    token: Token = "",
    person: Person = None,
    use: Use = KeyUse.TICKET,
    at_once: Annotated[bool, typer.Option("--at-once", help="Even where scanners may not have heard of it.")] = False,
) -> None:
    """The next key signs from now on; the one before it retires, its tickets stay good."""
    key_id = _do(folder, passphrase_file, token, person, lambda keeper, now: keeper.rotate(now, use, at_once=at_once))
    typer.echo(f"key {key_id.hex()} is active")


@app.command()
def compromise(  # noqa: PLR0917
    folder: Folder,
    since: Since,
    passphrase_file: Passphrase = None,
    token: Token = "",
    person: Person = None,
    key: Annotated[str | None, typer.Option(help="Key id in hex; default: the active one.")] = None,
    use: Use = KeyUse.TICKET,
    module: Annotated[bool, typer.Option("--module", help="The module of the VDV code instead.")] = False,
) -> None:
    """A key was stolen: honest tickets stay valid, forged ones turn red, and all are signed anew.

    With --module the running signer stops to sign until it has another module: `key module` makes one where the sub-CA
    is the ceremony's own, `key import` takes one that an operator's sub-CA has certified.
    """
    try:
        moment = in_berlin(datetime.fromisoformat(since))
        key_id = bytes.fromhex(key) if key else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if module:
        number = _do(folder, passphrase_file, token, person, lambda keeper, now: keeper.compromise_module(moment, now))
        typer.echo(f"module {number} is on the list of stolen modules; now `key module` or `key import` another")
        return
    signing = _do(
        folder, passphrase_file, token, person, lambda keeper, now: keeper.compromise(moment, now, key_id, use)
    )
    typer.echo(f"the key is compromised since {moment.isoformat()}; key {signing.hex()} is active")


@app.command("module")
def make_module(
    folder: Folder,
    passphrase_file: Passphrase = None,
    token: Token = "",
    person: Person = None,
    request: Annotated[
        Path | None,
        typer.Option(
            callback=no_device, help="Only make a key, and write its public half here for an operator's sub-CA."
        ),
    ] = None,
) -> None:
    """Another module for the VDV code under the ceremony's own sub-CA, or a key that an operator's shall certify."""
    from issuance.signer import modules

    if request is not None:
        public = _do(folder, passphrase_file, token, person, lambda keeper, _now: modules.request(keeper))
        write_durably(request, public)
        typer.echo(f"the public key is in {request}; `key import` takes the certificate that comes back")
        return
    number = _do(folder, passphrase_file, token, person, modules.make)
    typer.echo(f"module {number} signs from now on")


@app.command("import")
def import_sam(  # noqa: PLR0917
    folder: Folder,
    certificate: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The module's CV certificate (7F21).")],
    directory: Annotated[
        list[Path],
        typer.Option(exists=True, help="Root and sub-CAs: .vdv-cert files, LDIF of the KA directory, or a folder."),
    ],
    passphrase_file: Passphrase = None,
    token: Token = "",
    key: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="RSA-1024 key of the module, PEM; none: `key module --request`"),
    ] = None,
) -> None:
    """Take an operator's module and its sub-CA's certificates. Refuses what must not sign, with the reason."""
    from issuance.signer import modules

    private = _private_key(key) if key is not None else None
    taken = _do(
        folder,
        passphrase_file,
        token,
        None,
        lambda keeper, now: modules.take(
            keeper, private, certificate.read_bytes(), modules.read_certificates(directory), now
        ),
    )
    for one in taken.left_out:
        typer.echo(f"left out: a certificate that does not check out ({one})", err=True)
    if taken.is_replacing:
        typer.echo("the certificates before belong to another world (test or real) and are not published any more")
    typer.echo(f"module {taken.number} under sub-CA {taken.sub_ca.hex()} signs from now on")
    if key is not None:
        typer.echo(f"destroy {key}")


def _private_key(path: Path) -> "RSAPrivateKey":
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise typer.BadParameter("the key cannot be read (PEM, without a passphrase)") from error
    if not isinstance(private, RSAPrivateKey):
        raise typer.BadParameter("the key is no RSA key")
    return private


@app.command()
def extend(folder: Folder, passphrase_file: Passphrase = None, token: Token = "", person: Person = None) -> None:
    """Sign the trust list for another 400 days. Once a year, as soon as the signer warns.

    1. The signer warns 90 days ahead: log line `trust_list_ends_soon`, metric `trust_list_expires_timestamp_seconds`.

    2. Bring the persons of the root together at an offline machine, with this folder (its keys/trust-root.pem) and
    their passphrase files: `issuance key extend FOLDER --person FIRST --person SECOND`.

    3. Carry FOLDER/public/trust-list.cose back to the signer's folder. It takes the list within seconds (log line
    `keys_taken`), tells scanners of it, and they have it with their next look.

    Past its end a list turns every QR verdict amber (trust_list_expired); tickets themselves stay good.
    """
    version = _do(folder, passphrase_file, token, person, lambda keeper, now: keeper.extend(now))
    typer.echo(f"version {version} of the trust list is signed")


@app.command()
def shards(
    folder: Folder,
    shard: Annotated[list[str], typer.Argument(help="As /v2/status-lists names them: 32838-416.")],
    passphrase_file: Passphrase = None,
    token: Token = "",
    person: Person = None,
) -> None:
    """Name shards in the trust list whose status lists are out: whoever lacks one knows that it was held back."""
    from issuance.lists.status_list import parse_shard

    version = _do(
        folder, passphrase_file, token, person, lambda keeper, now: keeper.name_shards([*map(parse_shard, shard)], now)
    )
    typer.echo(f"version {version} of the trust list is signed")


def _do(
    folder: Path,
    passphrase_file: Path | None,
    token: str,
    person: list[Path] | None,
    work: "Callable[[Keeper, datetime], Result]",
) -> Result:
    from shared.errors import Problem

    from issuance.barcode.refusal import Refusal
    from issuance.signer.keys import KeyProblem
    from issuance.signer.rotation import Keeper
    from issuance.verification.trust import Unusable

    try:
        return work(Keeper(folder, passphrase_file, tuple(person or ()), token), datetime.now(UTC))
    except (KeyProblem, Unusable, Refusal, Problem) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
