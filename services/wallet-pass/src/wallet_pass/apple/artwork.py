"""The pictures of a pass, drawn by the project itself: a bus seen from the front, in the authority's colours.

Sizes in points: icon 29 x 29, logo at most 160 x 50; files for one, two and three pixels a point. Source:
docs/sources/wallets.md, 1.3.
"""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from wallet_pass.domain.designs import Colour

SCALES = {"": 1, "@2x": 2, "@3x": 3}
SUPERSAMPLING = 8
SHADES = 16
GRID = 32.0
"""The bus is drawn on a grid of 32 x 32 units."""


@cache
def pictures(background: Colour, foreground: Colour) -> dict[str, bytes]:
    """File name -> PNG, for both pictures and all scales. Together about 5 kB."""
    files: dict[str, bytes] = {}
    for suffix, scale in SCALES.items():
        files[f"icon{suffix}.png"] = _on_colour(_bus(29 * scale, 0.8), background, foreground)
        files[f"logo{suffix}.png"] = _on_nothing(_bus(50 * scale, 1.0), foreground)
    return files


@cache
def large_logo(background: Colour, foreground: Colour) -> bytes:
    """660 x 660 pixels, the size Google Wallet asks of a logo (it cuts a circle out of it)."""
    return _on_colour(_bus(660, 0.64), background, foreground)


def _bus(size: int, part: float) -> Image.Image:
    """A picture in 16 shades: 0 nothing, 15 the bus, which fills `part` of `size` pixels."""
    unit = size * SUPERSAMPLING * part / GRID
    margin = size * SUPERSAMPLING * (1 - part) / 2
    large = Image.new("L", (size * SUPERSAMPLING, size * SUPERSAMPLING), 0)
    draw = ImageDraw.Draw(large)

    def box(left: float, top: float, right: float, bottom: float, radius: float, *, fill: int = 255) -> None:
        corners = tuple(margin + side * unit for side in (left, top, right, bottom))
        draw.rounded_rectangle((corners[0], corners[1], corners[2], corners[3]), radius * unit, fill=fill)

    box(2.2, 10.5, 4.6, 17.0, 1.2)  # mirrors
    box(27.4, 10.5, 29.8, 17.0, 1.2)
    box(7.5, 24.0, 11.5, 29.5, 1.4)  # wheels
    box(20.5, 24.0, 24.5, 29.5, 1.4)
    box(5.5, 3.0, 26.5, 27.0, 4.0)  # body
    box(10.5, 5.2, 21.5, 7.2, 1.0, fill=0)  # where it goes
    box(8.0, 9.4, 24.0, 18.6, 1.4, fill=0)  # windscreen
    box(8.2, 21.2, 12.0, 23.8, 1.3, fill=0)  # headlights
    box(20.0, 21.2, 23.8, 23.8, 1.3, fill=0)
    small = large.resize((size, size), Image.Resampling.LANCZOS)
    return small.point([round(level * (SHADES - 1) / 255) for level in range(256)])


def _on_colour(shades: Image.Image, background: Colour, foreground: Colour) -> bytes:
    """Soft edges in 16 steps from one colour to the other: four bits a pixel instead of 24."""
    palette: list[int] = []
    for step in range(SHADES):
        for under, over in zip(_channels(background), _channels(foreground), strict=True):
            palette.append(round(under + (over - under) * step / (SHADES - 1)))
    return _png(shades, palette, None)


def _on_nothing(shades: Image.Image, foreground: Colour) -> bytes:
    transparency = bytes(round(255 * step / (SHADES - 1)) for step in range(SHADES))
    return _png(shades, list(_channels(foreground)) * SHADES, transparency)


def _channels(colour: Colour) -> tuple[int, int, int]:
    return colour.red, colour.green, colour.blue


def _png(shades: Image.Image, palette: list[int], transparency: bytes | None) -> bytes:
    picture = Image.frombytes("P", shades.size, shades.tobytes())
    picture.putpalette(palette)
    file = BytesIO()
    options = {} if transparency is None else {"transparency": transparency}
    picture.save(file, "PNG", optimize=True, bits=4, **options)
    return file.getvalue()
