"""Keys of families for tests: a key store and a wrapping key in a folder, as a service has them."""

from pathlib import Path

from shared.encryption import FamilyKeys, open_family_keys
from shared.encryption.wrapping_keys import add_wrapping_key


def key_settings(folder: Path) -> dict[str, str]:
    """The environment of a service with keys in this folder; a wrapping key is made where there is none."""
    file = folder / "wrapping.key"
    if not file.exists():
        add_wrapping_key(file)
    return {"APPLICATION_KEYS_URL": f"sqlite:///{folder / 'keys.sqlite'}", "APPLICATION_KEYS_FILE": str(file)}


def keys_in(folder: Path) -> FamilyKeys:
    """Those of `key_settings`."""
    settings = key_settings(folder)
    return open_family_keys(settings["APPLICATION_KEYS_URL"], Path(settings["APPLICATION_KEYS_FILE"]))
