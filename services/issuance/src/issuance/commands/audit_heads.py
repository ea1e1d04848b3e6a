"""`issuance audit heads`: the signed heads of all services' chains, checked against the trust list."""

import base64
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from issuance.commands.running import Services, client, running_system

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from issuance.lists.audit_heads import AuditHeads
    from issuance.verification.trust import Trust

PATH = "/v1/audit-heads"
MOST_PAGES = 20
"""Two thousand statements of a service: five times what is kept."""
Triple = tuple[str, int, str]
"""Chain, acts, and the hash of the newest act."""
BAD = 1


def heads(
    trust: Annotated[Path, typer.Option("--trust", exists=True, file_okay=False, help="As `trust export` writes it.")],
    output: Annotated[Path, typer.Option("-o", "--output", dir_okay=False, help="For `SERVICE audit verify --heads`.")],
    url: Annotated[
        str | None, typer.Option(envvar="ISSUANCE_PUBLIC_URL", help="The API; default: the running system's.")
    ] = None,
    services: Services = None,
) -> None:
    """Fetch how long the chains of acts of each service were whenever the signer signed it, all that is kept of it, and
    check who has signed. What FILE has already stays in it. Exits with 1 where that cannot be believed, or tells of one
    chain in two ways.

    Keep the file elsewhere: whoever may write into the databases must not be able to write into it.
    """
    from issuance.barcode.refusal import Refusal
    from issuance.verification import trust_folder
    from issuance.verification.trust import Unusable

    kept = _kept(output)
    with client(url or running_system(services)["issuance"]) as http:
        newest = http.get(PATH).raise_for_status().json()["statements"]
        told = [each for service in newest for each in _history(http, service["service"])]
    try:
        trusted = trust_folder.read(trust)
        found = [_checked(base64.b64decode(each["statement"]), each["service"], trusted) for each in told]
    except (Refusal, Unusable, ValueError, KeyError, TypeError) as problem:
        typer.echo(f"the signed heads cannot be believed: {problem}", err=True)
        raise typer.Exit(BAD) from None
    for each in found:
        mine = kept.setdefault(each.service, set())
        mine |= {(head.chain, head.acts, head.hash) for head in each.heads}
    signed_at = {each.service: each.at.isoformat() for each in sorted(found, key=lambda one: one.at)}
    content = {"signed_at": signed_at, "heads": {service: sorted(mine) for service, mine in sorted(kept.items())}}
    output.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    typer.echo(f"{len(found)} signed statements of {len(signed_at)} services are in {output}")
    if torn := _torn(kept):
        typer.echo(f"signed in two ways: {', '.join(torn)}", err=True)
        raise typer.Exit(BAD)


def _history(http: "httpx.Client", service: str) -> "Iterator[dict[str, str]]":
    """All that is published of a service."""
    query: str | None = f"{PATH}?service={service}"
    for _ in range(MOST_PAGES):
        if query is None:
            return
        page = http.get(query).raise_for_status().json()
        yield from page["statements"]
        query = page.get("next")


def _kept(file: Path) -> "dict[str, set[Triple]]":
    """Of an earlier call: what the service may have forgotten meanwhile."""
    if not file.exists():
        return {}
    try:
        told = json.loads(file.read_text(encoding="utf-8"))["heads"]
        return {
            str(service): {(str(chain), int(acts), str(value)) for chain, acts, value in mine}
            for service, mine in told.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        typer.echo(f"{file.name} is there, and holds no signed heads", err=True)
        raise typer.Exit(BAD) from None


def _torn(kept: "dict[str, set[Triple]]") -> list[str]:
    """Acts for which two heads were signed."""
    count = Counter((service, chain, acts) for service, mine in kept.items() for chain, acts, _ in mine)
    return [
        f"act {acts} of {chain!r} of {service}" for (service, chain, acts), times in sorted(count.items()) if times > 1
    ]


def _checked(statement: bytes, service: str, trust: "Trust") -> "AuditHeads":
    """Raises NotGenuine, Unreadable, or ValueError where it is another service's."""
    from issuance.barcode.refusal import NotGenuine
    from issuance.lists import audit_heads

    signed = audit_heads.unwrap(statement)
    key = trust.status_keys.get(signed.key_id)
    if key is None or not key.has_signed(signed):
        raise NotGenuine("signature_wrong")
    if key.entry.state == "compromised":
        raise NotGenuine("key_compromised")
    parsed = audit_heads.parse(signed.payload)
    if parsed.service != service:
        raise NotGenuine("signature_wrong", "another service")
    return parsed
