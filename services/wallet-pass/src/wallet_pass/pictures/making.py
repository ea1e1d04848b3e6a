"""Uploads become pictures that passes can show."""

from dataclasses import dataclass, field

from wallet_pass.domain.pictures import Picture, PictureKind, Pixels
from wallet_pass.pictures.reading import PictureReader
from wallet_pass.pictures.scaling import keep_picture, pixels_of


@dataclass(frozen=True)
class UploadedPictures:
    """May be used by several threads; each upload has a process of its own for as long as it is read."""

    reader: PictureReader = field(default_factory=PictureReader)

    def make(self, data: bytes, kind: PictureKind) -> Picture:
        """Raises NoPicture."""
        return keep_picture(self.reader.read(data, kind), kind)

    def pixels(self, picture: Picture) -> Pixels:
        """Of one that was made here."""
        return pixels_of(picture)
