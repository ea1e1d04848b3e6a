"""The pictures in a pass: the authority's own where it has sent some, else the drawn bus."""

from wallet_pass.apple.artwork import large_logo, pictures
from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import State
from wallet_pass.domain.pictures import PictureKind
from wallet_pass.pictures.scaling import circle, scale_picture


def picture_files(design: Design, state: State) -> dict[str, bytes]:
    """File name -> PNG.

    The icon, which phones show beside a message, has the authority's background at all times. A logo was made for that
    background, so that on the grey of a ticket that is not good now it stands on a plate of it. A thumbnail then makes
    room for the words.
    """
    palette, own = design.palette(state), design.pictures
    files = pictures(palette.background, palette.foreground)
    plate = None if state is State.VALID else design.background
    if PictureKind.ICON in own:
        files |= scale_picture(own[PictureKind.ICON], PictureKind.ICON, design.background)
    if PictureKind.LOGO in own:
        files |= scale_picture(own[PictureKind.LOGO], PictureKind.LOGO, plate)
    if PictureKind.THUMBNAIL in own and state is State.VALID:
        files |= scale_picture(own[PictureKind.THUMBNAIL], PictureKind.THUMBNAIL, None)
    return files


def google_logo(design: Design) -> bytes:
    """660 x 660 pixels, out of which Google Wallet cuts a circle."""
    own = circle(design.pictures.get(PictureKind.ICON), design.pictures.get(PictureKind.LOGO), design.background)
    return own or large_logo(design.background, design.foreground)
