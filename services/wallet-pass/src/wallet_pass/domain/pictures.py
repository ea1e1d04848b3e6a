"""An authority's own pictures on its passes: what is taken, and what is said of what is not. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from shared.errors import Text

from wallet_pass.domain.colours import Colour, contrast

MOST_BYTES = 2_000_000
"""Of an upload. A logo as PNG has some 50 kB."""
MOST_PIXELS = 16_000_000
"""4,000 x 4,000: unpacked with four channels 64 MB."""
MOST_PACKED_BYTES = 60_000
"""Of all scales of one picture together: each pass of the authority has them in it."""
LEAST_VISIBLE = 0.1
"""Of what is drawn, this part must stand out from the background. Our own choice: a logo may have soft parts."""
GRAPHIC_CONTRAST = 3.0
"""WCAG 2.2, success criterion 1.4.11."""
OPAQUE = 128
"""Of 255: less of a pixel is taken for nothing."""


class PictureKind(StrEnum):
    """Which picture of a pass."""

    LOGO = "logo"
    ICON = "icon"
    THUMBNAIL = "thumbnail"


@dataclass(frozen=True)
class Shape:
    """What a picture of a kind must be, in pixels, and the box in which it is shown, in points."""

    box: tuple[int, int]
    largest: tuple[int, int]
    """It is kept at this size at most."""
    least: tuple[int, int]
    """One of its sides is at least so long, or it would be blurred on today's phones."""
    narrowest: float
    widest: float
    """Width by height."""


SHAPES = {
    PictureKind.LOGO: Shape((160, 50), (480, 150), (480, 150), 0.5, 8.0),
    PictureKind.ICON: Shape((29, 29), (512, 512), (180, 180), 0.9, 1.12),
    PictureKind.THUMBNAIL: Shape((90, 90), (270, 270), (270, 270), 2 / 3 - 0.01, 1.51),
}
"""Boxes: docs/sources/wallets.md, 1.3, at three pixels a point. Apple crops a thumbnail outside of 2:3 to 3:2."""


@dataclass(frozen=True)
class Pixels:
    """A picture without anything that could be a program: red, green, blue and opacity of each pixel, row by row."""

    width: int
    height: int
    rgba: bytes = field(repr=False)


@dataclass(frozen=True)
class Picture:
    """One that is kept, as we have written it: a PNG without anything but pixels."""

    digest: str
    """SHA-256 of `png`."""
    width: int
    height: int
    png: bytes = field(repr=False, compare=False)

    @property
    def is_wide(self) -> bool:
        """A logo with words in it, beside which the issuer's name would stand twice."""
        return self.width > 1.6 * self.height


class PictureFault(StrEnum):
    """Why an upload is not taken."""

    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    DRAWING = "drawing"
    OTHER_KIND = "other_kind"
    NO_PICTURE = "no_picture"
    DAMAGED = "damaged"
    MOVING = "moving"
    EMPTY = "empty"
    TOO_SMALL = "too_small"
    NOT_SQUARE = "not_square"
    TOO_NARROW = "too_narrow"
    TOO_DETAILED = "too_detailed"
    INVISIBLE = "invisible"
    TOO_SLOW = "too_slow"


FAULTS = {
    PictureFault.TOO_MANY_BYTES: Text(
        "Die Datei ist zu groß: höchstens 2 MB. Speichern Sie das Bild bitte kleiner, 1000 Pixel Breite reichen.",
        "The file is too large: at most 2 MB. Please save the picture smaller; 1000 pixels of width are enough.",
    ),
    PictureFault.TOO_MANY_PIXELS: Text(
        "Das Bild hat zu viele Pixel: höchstens 16 Millionen. Verkleinern Sie es bitte, 1000 Pixel Breite reichen.",
        "The picture has too many pixels: at most 16 million. Please scale it down; 1000 pixels of width are enough.",
    ),
    PictureFault.DRAWING: Text(
        "SVG, PDF und EPS können Programme enthalten und werden nicht angenommen. Exportieren Sie die Grafik bitte als "
        "PNG mit 1000 Pixeln Breite und durchsichtigem Hintergrund.",
        "SVG, PDF and EPS can contain programs and are not accepted. Please export the graphic as PNG, 1000 pixels "
        "wide and with a transparent background.",
    ),
    PictureFault.OTHER_KIND: Text(
        "Dieses Bildformat wird nicht angenommen. Speichern Sie das Bild bitte als PNG oder JPEG.",
        "This picture format is not accepted. Please save the picture as PNG or JPEG.",
    ),
    PictureFault.NO_PICTURE: Text(
        "Das ist kein Bild, was immer sein Name sagt. Bitte senden Sie ein PNG oder JPEG.",
        "This is not a picture, whatever its name says. Please send a PNG or JPEG.",
    ),
    PictureFault.DAMAGED: Text(
        "Das Bild ist beschädigt oder unvollständig. Speichern Sie es bitte neu als PNG und senden Sie es noch einmal.",
        "The picture is damaged or incomplete. Please save it again as PNG and send it once more.",
    ),
    PictureFault.MOVING: Text(
        "Das Bild bewegt sich. Ein Pass zeigt nur stehende Bilder: Speichern Sie bitte ein einzelnes Bild als PNG.",
        "The picture moves. A pass shows still pictures only: please save a single picture as PNG.",
    ),
    PictureFault.EMPTY: Text(
        "Auf dem Bild ist nichts zu sehen: Es ist ganz durchsichtig. Bitte prüfen Sie den Export.",
        "There is nothing to see in the picture: it is wholly transparent. Please check how it was exported.",
    ),
    PictureFault.TOO_SMALL: Text(
        "Das Bild ist zu klein und wäre auf Telefonen unscharf. Nötig sind bei einem Logo 480 Pixel Breite oder 150 "
        "Pixel Höhe, bei einem Symbol 180 Pixel, bei einem Vorschaubild 270 Pixel. Durchsichtige Ränder "
        "zählen nicht mit.",
        "The picture is too small and would be blurred on phones. A logo needs 480 pixels of width or 150 pixels of "
        "height, an icon 180 pixels, a thumbnail 270 pixels. Transparent margins do not count.",
    ),
    PictureFault.NOT_SQUARE: Text(
        "Ein Symbol ist quadratisch. Schneiden Sie das Bild bitte quadratisch zu.",
        "An icon is square. Please crop the picture to a square.",
    ),
    PictureFault.TOO_NARROW: Text(
        "Das Bild ist zu schmal oder zu flach. Ein Logo ist höchstens achtmal so breit wie hoch und höchstens doppelt "
        "so hoch wie breit, ein Vorschaubild höchstens anderthalbmal so lang wie die andere Seite.",
        "The picture is too narrow or too flat. A logo is at most eight times as wide as high and at most twice as "
        "high as wide; of a thumbnail, one side is at most one and a half times the other.",
    ),
    PictureFault.TOO_DETAILED: Text(
        "Das Bild hat so viele Einzelheiten, dass jeder Pass zu groß würde. Nehmen Sie bitte ein Logo mit Flächen "
        "statt eines Fotos.",
        "The picture has so many details that each pass would become too large. Please take a logo with plain areas "
        "instead of a photograph.",
    ),
    PictureFault.INVISIBLE: Text(
        "Das Bild hebt sich vom Hintergrund der Pässe kaum ab. Nehmen Sie bitte eine hellere oder dunklere Fassung, "
        "oder wählen Sie eine andere Hintergrundfarbe.",
        "The picture hardly stands out from the background of the passes. Please take a lighter or darker version, or "
        "choose another background colour.",
    ),
    PictureFault.TOO_SLOW: Text(
        "Das Bild ließ sich nicht in zehn Sekunden lesen. Speichern Sie es bitte neu als PNG mit 1000 Pixeln Breite.",
        "The picture could not be read within ten seconds. Please save it again as PNG, 1000 pixels wide.",
    ),
}
"""What to do, of each."""


class NoPicture(ValueError):
    """These bytes are no picture that a pass could show."""

    def __init__(self, fault: PictureFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def fault_of_shape(kind: PictureKind, width: int, height: int) -> PictureFault | None:
    """What speaks against a picture of this size, in pixels; None: nothing."""
    shape = SHAPES[kind]
    if not shape.narrowest <= width / height <= shape.widest:
        return PictureFault.NOT_SQUARE if kind is PictureKind.ICON else PictureFault.TOO_NARROW
    if width < shape.least[0] and height < shape.least[1]:
        return PictureFault.TOO_SMALL
    return None


def visible_part(pixels: Pixels, background: Colour) -> float:
    """How much of what is drawn stands out from `background`, 0 to 1; 0 where nothing is drawn."""
    drawn, seen, cached = 0, 0, dict[tuple[int, int, int], bool]()
    for at in range(0, len(pixels.rgba), 4):
        red, green, blue, opacity = pixels.rgba[at : at + 4]
        if opacity < OPAQUE:
            continue
        colour = red, green, blue
        if colour not in cached:
            cached[colour] = contrast(Colour(*colour), background) >= GRAPHIC_CONTRAST
        drawn += 1
        seen += cached[colour]
    return seen / drawn if drawn else 0.0
