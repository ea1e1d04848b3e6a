"""Every size of a picture is made by us, out of the one that is kept."""

import hashlib
import io

from PIL import Image

from wallet_pass.domain.colours import Colour
from wallet_pass.domain.pictures import MOST_PACKED_BYTES, SHAPES, NoPicture, Picture, PictureFault, PictureKind, Pixels

SCALES = {"": 1, "@2x": 2, "@3x": 3}
"""Of a file's name, and pixels a point."""
COLOURS = 256
"""A logo is four times as small with a palette, and looks the same."""
PLATE_PART = 0.86
"""How much of a plate the logo on it fills."""
CIRCLE_SIDE, CIRCLE_ICON_PART, CIRCLE_LOGO_PART = 660, 0.64, 0.8
"""Pixels that Google Wallet asks of a logo, out of which it cuts a circle; how much of it a square, or a line, may
fill."""


def keep_picture(pixels: Pixels, kind: PictureKind) -> Picture:
    """As it is kept: a PNG that holds nothing but these pixels.

    Raises:
        NoPicture: where the passes that bear it would become too large.
    """
    image = Image.frombytes("RGBA", (pixels.width, pixels.height), pixels.rgba)
    png = _png(image)
    picture = Picture(hashlib.sha256(png).hexdigest(), pixels.width, pixels.height, png)
    if sum(len(each) for each in scale_picture(picture, kind, None).values()) > MOST_PACKED_BYTES:
        raise NoPicture(PictureFault.TOO_DETAILED)
    return picture


def pixels_of(picture: Picture) -> Pixels:
    """Of one that we have kept."""
    image = _image(picture)
    return Pixels(image.width, image.height, image.tobytes())


def scale_picture(picture: Picture, kind: PictureKind, plate: Colour | None) -> dict[str, bytes]:
    """File name -> PNG, for one, two and three pixels a point.

    Args:
        plate: on a plate of this colour; None: on nothing.
    """
    return {f"{kind}{suffix}.png": _at(picture, kind, scale, plate) for suffix, scale in SCALES.items()}


def circle(icon: Picture | None, logo: Picture | None, background: Colour) -> bytes | None:
    """The icon, or else the logo, where Google Wallet cuts a circle out of it; None where there is neither."""
    chosen = icon or logo
    if chosen is None:
        return None
    part = CIRCLE_ICON_PART if chosen is icon else CIRCLE_LOGO_PART
    side = round(CIRCLE_SIDE * part)
    return _png(_palette(_on_plate(_fitted(_image(chosen), (side, side)), (CIRCLE_SIDE, CIRCLE_SIDE), background)))


def _at(picture: Picture, kind: PictureKind, scale: int, plate: Colour | None) -> bytes:
    width, height = (side * scale for side in SHAPES[kind].box)
    if plate is None:
        return _png(_palette(_fitted(_image(picture), (width, height))))
    if kind is PictureKind.ICON:
        return _png(_palette(_on_plate(_fitted(_image(picture), (width, height)), (width, height), plate)))
    whole = _fitted(_image(picture), (width, height)).size
    small = _fitted(_image(picture), (round(whole[0] * PLATE_PART), round(whole[1] * PLATE_PART)))
    return _png(_palette(_on_plate(small, whole, plate)))


def _image(picture: Picture) -> Image.Image:
    with Image.open(io.BytesIO(picture.png), formats=("PNG",)) as image:
        return image.convert("RGBA")


def _fitted(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """As large as it can be in the box."""
    part = min(box[0] / image.width, box[1] / image.height)
    size = max(1, round(image.width * part)), max(1, round(image.height * part))
    return image.resize(size, Image.Resampling.LANCZOS)


def _on_plate(image: Image.Image, size: tuple[int, int], colour: Colour) -> Image.Image:
    plate = Image.new("RGBA", size, (colour.red, colour.green, colour.blue, 255))
    place = (size[0] - image.width) // 2, (size[1] - image.height) // 2
    plate.alpha_composite(image, place)
    return plate


def _palette(image: Image.Image) -> Image.Image:
    return image.quantize(COLOURS, Image.Quantize.FASTOCTREE)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
