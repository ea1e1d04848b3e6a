"""`issuance audit heads`: the signed heads of all services' chains, checked against the trust list."""

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from issuance.commands.running import Services, client, running_system

if TYPE_CHECKING:
    from issuance.lists.audit_heads import AuditHeads
    from issuance.verification.trust import Trust

BAD = 1


def heads(
    trust: Annotated[Path, typer.Option("--trust", exists=True, file_okay=False, help="As `trust export` writes it.")],
    output: Annotated[Path, typer.Option("-o", "--output", dir_okay=False, help="For `SERVICE audit verify --heads`.")],
    url: Annotated[
        str | None, typer.Option(envvar="ISSUANCE_PUBLIC_URL", help="The API; default: the running system's.")
    ] = None,
    services: Services = None,
) -> None:
    """Fetch how long the chains of acts of each service were when the signer signed it, and check who has signed.

    Keep the file elsewhere: whoever may write into the databases must not be able to write into it.
    """
    from issuance.barcode.refusal import Refusal
    from issuance.verification import trust_folder
    from issuance.verification.trust import Unusable

    with client(url or running_system(services)["issuance"]) as http:
        told = http.get("/v1/audit-heads").raise_for_status().json()["statements"]
    try:
        trusted = trust_folder.read(trust)
        found = [_checked(base64.b64decode(each["statement"]), each["service"], trusted) for each in told]
    except (Refusal, Unusable, ValueError, KeyError, TypeError) as problem:
        typer.echo(f"the signed heads cannot be believed: {problem}", err=True)
        raise typer.Exit(BAD) from None
    content = {
        "signed_at": {each.service: each.at.isoformat() for each in found},
        "heads": {each.service: [[head.chain, head.acts, head.hash] for head in each.heads] for each in found},
    }
    output.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    typer.echo(f"signed heads of {len(found)} services are in {output}")


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
