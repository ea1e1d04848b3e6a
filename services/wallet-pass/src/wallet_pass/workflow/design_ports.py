"""What choosing a design needs of tables and parties."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from wallet_pass.domain.designs import Design
from wallet_pass.domain.pictures import Picture, PictureKind, Pixels


class DesignWriter(Protocol):
    """The table of designs, inside one transaction."""

    def own_design(self, authority_id: str, organisation_id: int | None) -> Design | None:
        """Exactly this one; None where none was chosen."""
        ...

    def operators_with_design(self, authority_id: str) -> Sequence[int]:
        """Operators for which the authority has a design of their own."""
        ...

    def set_design(self, authority_id: str, design: Design, now: datetime, by: str, organisation_id: int | None) -> int:
        """Returns how many passes are made anew; 0 where it is the same as before."""
        ...

    def drop_design(self, authority_id: str, organisation_id: int | None, now: datetime, by: str) -> int:
        """Likewise, as without it."""
        ...


class Remakes(Protocol):
    """What changes all passes of an authority, or of all, inside one transaction."""

    def keep_certificate(self, name: str, fingerprint: str, of: str, now: datetime) -> bool:
        """False where it is the one of before."""
        ...

    def order_remakes(self, design_id: str | None, now: datetime, *, at_google: bool = False) -> int:
        """Have all passes made anew, spread over time. Returns how many there are.

        Args:
            design_id: None: all passes.
            at_google: whether Google is told too where it is all; of a design it always is.
        """
        ...

    def take_turns(self, most: int, now: datetime, *, with_google: bool) -> int:
        """Make due whose state has changed of itself since it was made, unless many wait already. Returns how many."""
        ...

    def take_remakes(self, most: int, now: datetime, *, with_google: bool) -> int:
        """Make the next of them due, unless many wait already. Returns how many."""
        ...


class PictureMaker(Protocol):
    """Where pictures that authorities send are read."""

    def make(self, data: bytes, kind: PictureKind) -> Picture:
        """As passes can show it.

        Raises:
            NoPicture: with the reason.
        """
        ...

    def pixels(self, picture: Picture) -> Pixels:
        """Of one that was made here."""
        ...
