"""Whether a notice bears the seal of its authority. Pure."""

from enum import StrEnum

from shared.transitions import Transitions


class SealState(StrEnum):
    """Of a notice whose authority seals. `unsealed`: it went out without, as the authority's setting says."""

    WAITING = "waiting"
    SEALED = "sealed"
    UNSEALED = "unsealed"


SEAL_STATES = Transitions(
    begins=frozenset({SealState.WAITING}),
    follows={
        SealState.WAITING: frozenset({SealState.SEALED, SealState.UNSEALED}),
        SealState.SEALED: frozenset(),
        SealState.UNSEALED: frozenset(),
    },
)
