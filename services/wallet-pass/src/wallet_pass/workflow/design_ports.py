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
