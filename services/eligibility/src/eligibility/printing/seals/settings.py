"""Which authority seals its notices, and with what: a file of whoever runs the service, as it names files and PINs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from shared.events import AuthorityId

Label = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]


class SealSettings(BaseModel):
    """Of one authority."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: Path
    """The library of the token's maker."""
    token: Label
    key: Label
    """Of the private key. The certificate in the token has the same label, where no file is named."""
    pin_file: Path
    certificate_file: Path | None = None
    """PEM: the certificate of the seal first, then those that lead to its root."""
    timestamp_url: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = None
    """Where a qualified time stamp is fetched (RFC 3161): PAdES B-T. None: B-B, with the machine's time."""
    without: Literal["wait", "unsealed"] = "wait"
    """What becomes of a notice that cannot be sealed. wait: it is not there until it can. unsealed: it goes out
    without, and that stays noted with it."""
    wait_minutes: Annotated[int, Field(ge=0, le=10_080)] = 60
    """Of `unsealed`: so long it is tried first."""


_SEALS = TypeAdapter(dict[AuthorityId, SealSettings])


def load_seals(file: Path | None) -> Mapping[AuthorityId, SealSettings]:
    """By authority; none without a file. Exits for a file that is none."""
    if file is None:
        return {}
    try:
        return _SEALS.validate_json(file.read_bytes())
    except OSError as error:
        reason = error.strerror
    except ValidationError as error:
        reason = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    raise SystemExit(f"setting ELIGIBILITY_SEALS_FILE: {reason}")
