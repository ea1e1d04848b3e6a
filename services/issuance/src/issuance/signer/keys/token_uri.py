"""Which PKCS#11 token, by RFC 7512:

    pkcs11:token=schulticket?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/secrets/pin

The PIN comes from a file. `pin-value` is refused: settings are printed, listed and kept in histories.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from issuance.signer.keys.keys import KeyProblem

_KNOWN = {"token", "serial", "module-path", "pin-source"}
EXAMPLE = "pkcs11:token=LABEL?module-path=/path/to/module.so&pin-source=file:/path/to/pin"


@dataclass(frozen=True)
class TokenUri:
    label: str
    serial: str
    module_path: Path
    pin_file: Path

    def pin(self) -> str:
        """Read when it is needed, and not kept."""
        try:
            pin = self.pin_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyProblem(f"the PIN file {self.pin_file} cannot be read") from error
        if not pin:
            raise KeyProblem(f"the PIN file {self.pin_file} is empty")
        return pin


def parse(text: str) -> TokenUri:
    """Raises KeyProblem, which never repeats the text: somebody may have written a PIN into it."""
    scheme, _, rest = text.partition(":")
    path, _, query = rest.partition("?")
    if scheme != "pkcs11":
        raise KeyProblem(f"the token's URI does not begin with pkcs11: (as {EXAMPLE})")
    found: dict[str, str] = {}
    for part in (*filter(None, path.split(";")), *filter(None, query.split("&"))):
        name, _, value = part.partition("=")
        if name == "pin-value":
            raise KeyProblem("the token's URI has a pin-value: write the PIN into a file and name it as pin-source")
        if name not in _KNOWN or name in found or not value:
            known = name if name in _KNOWN else "an attribute that is not known here"
            raise KeyProblem(f"the token's URI has {known}, twice or without a value (as {EXAMPLE})")
        found[name] = unquote(value)
    for needed in ("module-path", "pin-source"):
        if needed not in found:
            raise KeyProblem(f"the token's URI lacks {needed} (as {EXAMPLE})")
    if not found.keys() & {"token", "serial"}:
        raise KeyProblem(f"the token's URI names neither token (its label) nor serial (as {EXAMPLE})")
    pin_file = Path(found["pin-source"].removeprefix("file://").removeprefix("file:"))
    return TokenUri(found.get("token", ""), found.get("serial", ""), Path(found["module-path"]), pin_file)
