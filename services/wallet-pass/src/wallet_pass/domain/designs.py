"""How an authority's passes look. Pure."""

from dataclasses import dataclass, field

from shared.errors import Invalid, Text

from wallet_pass.domain.passes import State

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3 (level AA), which EN 301 549 makes binding for public bodies."""

LONGEST_ISSUER = 100
ONE_LINE = 30
"""Characters that phones show beside the logo."""


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


@dataclass(frozen=True)
class Design:
    """How an authority's passes look. Each authority may set its own; the default is nobody's coat of arms."""

    issuer: Text = field(default_factory=lambda: Text("Schulticket", "Schulticket"))
    """Who stands behind the ticket: at most 100 characters."""
    background: Colour = Colour(0x0B, 0x3C, 0x5D)
    foreground: Colour = Colour(0xFF, 0xFF, 0xFF)
    label: Colour = Colour(0xB9, 0xD9, 0xEB)

    def __post_init__(self) -> None:
        for name, colour in (("foreground", self.foreground), ("label", self.label)):
            if contrast(colour, self.background) < LEAST_CONTRAST:
                raise Invalid(
                    Text(
                        "Die Schrift hebt sich zu wenig vom Hintergrund ab: der Kontrast muss mindestens 4,5 betragen.",
                        "The text stands out too little from the background: the contrast must be at least 4.5.",
                    ),
                    field=name,
                )
        if not all(1 <= len(name) <= LONGEST_ISSUER for name in (self.issuer.de, self.issuer.en)):
            raise Invalid(
                Text("Der Name des Herausgebers hat 1 bis 100 Zeichen.", "The issuer's name has 1 to 100 characters."),
                field="issuer",
            )

    def palette(self, state: State) -> Palette:
        """The authority's own colours are those of a ticket that is good now, and of no other."""
        match state:
            case State.VALID:
                return Palette(self.background, self.foreground, self.label)
            case State.NOT_YET_VALID:
                return WAITING
            case State.EXPIRED | State.SUSPENDED | State.REVOKED:
                return ENDED

    @property
    def short_issuer(self) -> Text:
        """For the one line at the top of a pass."""
        return Text(_shortened(self.issuer.de), _shortened(self.issuer.en))


def _shortened(name: str) -> str:
    """At most 30 characters, cut between words where there are any."""
    if len(name) <= ONE_LINE:
        return name
    whole_words = name[:ONE_LINE].rpartition(" ")[0].rstrip(" ,;-–")
    return f"{whole_words or name[: ONE_LINE - 1]}…"


DEFAULT_DESIGN = Design()
