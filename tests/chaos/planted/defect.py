"""What a planted defect is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.cluster import Cluster

PLANT = "CHAOS_PLANT"


@dataclass(frozen=True)
class Defect:
    what: str
    put: Callable[[], None]
    faults: Sequence[str] = ("kill",)
    """Those that bring it to light."""
    prepare: Callable[[Cluster], None] = lambda _cluster: None
    """What of a cluster's own servers is otherwise, before they start."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """For the faults themselves."""
    needs_disks: bool = False
    """Whether the power is cut."""
