"""Commands that speak with the running system over HTTP, as anybody else does: how they find it; trust export."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import httpx

SERVICES = Path("var/run/services.json")
TIMEOUT_SECONDS = 10.0

Services = Annotated[
    Path | None, typer.Option(help="services.json of the running system; looked for in var/run, here and above.")
]


def add(app: typer.Typer) -> None:
    """Adds `trust export`."""
    trust = typer.Typer(no_args_is_help=True, help="What a scanner needs offline.")
    trust.command("export")(export)
    app.add_typer(trust, name="trust")


def export(
    folder: Annotated[Path, typer.Argument(file_okay=False)],
    url: Annotated[
        str | None, typer.Option(envvar="ISSUANCE_PUBLIC_URL", help="The API; default: the running system's.")
    ] = None,
    services: Services = None,
) -> None:
    """Certificates as the KA directory publishes them, certs.ldif, the trust list, the status lists of now."""
    from issuance.verification import trust_folder
    from issuance.verification.trust import held_back

    with client(url or running_system(services)["issuance"]) as http:
        found = _get(http, "/v1/certificates").json()["certificates"]
        certificates = {name: base64.b64decode(data) for name, data in found.items()}
        trusted = _get(http, "/v1/trust-list").content
        shards = _get(http, "/v1/status-lists").json()["shards"]
        statuses = {shard: _get(http, f"/v1/status-lists/{shard}").content for shard in shards}
        of_two_bits = _get(http, "/v2/status-lists").json()["shards"]
        statuses_v2 = {shard: _get(http, f"/v2/status-lists/{shard}").content for shard in of_two_bits}
        parts = [
            _get(http, f"/v1/issued-lists/{part}").content for part in _get(http, "/v1/issued-lists").json()["parts"]
        ]
    trust_folder.write(folder, certificates, trusted, statuses, parts, statuses_v2=statuses_v2)
    missing = held_back(trust_folder.read(folder))  # an export that cannot be read back is none
    if missing:
        typer.echo(f"the trust list names shards without a status list: {', '.join(map(str, missing))}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{len(certificates)} certificates, the trust list and {len(statuses)} status lists are in {folder}")


def running_system(path: Path | None) -> dict[str, Any]:
    """services.json of the running system. Exits with 1 where there is none."""
    here = Path.cwd()
    candidates = [path] if path else [folder / SERVICES for folder in (here, *here.parents)]
    for candidate in candidates:
        if candidate.is_file():
            found: dict[str, Any] = json.loads(candidate.read_bytes())
            return found
    typer.echo("no running system was found: start one with `make run`, or name its services.json", err=True)
    raise typer.Exit(1)


def token_of(identity: dict[str, Any], name: str | None) -> str:
    """Of a user of services.json."""
    users = identity["users"]
    chosen = name or next((key for key, user in users.items() if "operator" in user.get("roles", ())), None)
    if chosen is None or chosen not in users:
        typer.echo("services.json names no such user, or no operator", err=True)
        raise typer.Exit(1)
    form = {"grant_type": "password", "username": chosen, "password": users[chosen]["password"]}
    with client(identity["token_url"]) as http:
        token: str = http.post(identity["token_url"], data=form).raise_for_status().json()["access_token"]
    return token


@contextmanager
def client(url: str) -> "Iterator[httpx.Client]":
    """Exits with 1 where nobody answers: a system that was killed leaves its services.json behind."""
    import httpx

    try:
        with httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS) as http:
            yield http
    except httpx.HTTPError as error:
        typer.echo(f"{url} does not answer as expected ({type(error).__name__}): is the system running?", err=True)
        raise typer.Exit(1) from None


def _get(http: "httpx.Client", path: str) -> "httpx.Response":
    answer = http.get(path)
    if answer.status_code != 200:
        typer.echo(f"{path}: {problem_of(answer)}", err=True)
        raise typer.Exit(1)
    return answer


def problem_of(answer: "httpx.Response") -> str:
    """What a problem document says."""
    try:
        document = answer.json()
        return f"{document['title']} {document['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
