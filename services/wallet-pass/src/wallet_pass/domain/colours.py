"""Colours, and how far they stand out from each other. Pure."""

from dataclasses import dataclass

from shared.errors import Invalid, Text

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3 (level AA), which EN 301 549 makes binding for public bodies."""


@dataclass(frozen=True)
class Colour:
    red: int
    green: int
    blue: int

    @classmethod
    def from_hex(cls, text: str) -> "Colour":
        """From `#rrggbb`.

        Raises:
            Invalid.
        """
        try:
            if len(text) != 7 or text[0] != "#":
                raise ValueError(text)
            return cls(*bytes.fromhex(text[1:]))
        except ValueError as error:
            raise Invalid(
                Text(
                    "Eine Farbe wird als #rrggbb angegeben, zum Beispiel #0b3c5d.",
                    "A colour is given as #rrggbb, for example #0b3c5d.",
                )
            ) from error

    @property
    def hex(self) -> str:
        """As in style sheets: #rrggbb, small letters."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
        red, green, blue = (
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in (self.red / 255, self.green / 255, self.blue / 255)
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    lighter, darker = max(one.luminance, other.luminance), min(one.luminance, other.luminance)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True)
class Palette:
    """The colours of one front."""

    background: Colour
    foreground: Colour
    label: Colour


ENDED = Palette(Colour(0x4A, 0x4F, 0x55), Colour(0xFF, 0xFF, 0xFF), Colour(0xE3, 0xE6, 0xE8))
"""Of every ticket that is not good, whoever's: dark grey, which no authority may choose."""
WAITING = Palette(Colour(0xE6, 0xE9, 0xEC), Colour(0x1C, 0x1F, 0x22), Colour(0x3D, 0x43, 0x49))
"""Of a ticket before its first day: pale grey."""
LIKE_ENDED, LIKE_WAITING = 48, 24
"""Of 255: a grey that differs less would hide that a ticket is not good. Our own choice: white may be chosen."""
GREY = 32
"""Of 255: with less between its largest and smallest part, a colour is a grey."""


def looks_ended(colour: Colour) -> bool:
    """Whether it could be taken for the grey of a ticket that is not good now."""
    parts = colour.red, colour.green, colour.blue
    if max(parts) - min(parts) > GREY:
        return False
    near = (ENDED.background, LIKE_ENDED), (WAITING.background, LIKE_WAITING)
    return any(_distance(colour, grey) < least for grey, least in near)


def _distance(one: Colour, other: Colour) -> int:
    return max(abs(one.red - other.red), abs(one.green - other.green), abs(one.blue - other.blue))
