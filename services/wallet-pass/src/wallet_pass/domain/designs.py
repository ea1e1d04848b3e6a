"""How an authority's passes look. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from shared.errors import Invalid, Text

from wallet_pass.domain.colours import ENDED, LEAST_CONTRAST, WAITING, Colour, Palette, contrast, looks_ended
from wallet_pass.domain.passes import State
from wallet_pass.domain.pictures import Picture, PictureKind

__all__ = ["DEFAULT_DESIGN", "ENDED", "LEAST_CONTRAST", "WAITING", "Colour", "Design", "Palette", "contrast"]

NAVY, WHITE, PALE_BLUE = Colour(0x0B, 0x3C, 0x5D), Colour(0xFF, 0xFF, 0xFF), Colour(0xB9, 0xD9, 0xEB)
LONGEST_ISSUER = 100
ONE_LINE = 30
"""Characters that phones show beside the logo."""
LONGEST_DOCUMENT = 24
"""Characters that have room beside the validity."""
MOST_HELP, LONGEST_LABEL, LONGEST_HELP = 6, 40, 400


class FrontField(StrEnum):
    """What an authority may have stand on the front, beside the holder and the end of validity, which are always
    there."""

    TICKET = "ticket"
    BIRTH_DATE = "birth_date"
    VALIDITY = "validity"
    DOCUMENT = "document"
    NUMBER = "number"


NEEDED = frozenset({FrontField.BIRTH_DATE, FrontField.VALIDITY})
"""An inspector compares them."""
UPPER_ROW = 2
"""So many stand beneath the name, the others in the row under them."""


@dataclass(frozen=True)
class Help:
    """A question of a family, and the answer, on the back."""

    label: Text
    answer: Text


USUAL_HELP = (
    Help(
        Text("Bildschirmfoto", "Screenshot"),
        Text(
            "Ein Bildschirmfoto gilt nicht als Ticket: Zeigen Sie das Ticket in der Wallet oder auf Papier.",
            "A screenshot is no ticket: please show the ticket in the wallet or on paper.",
        ),
    ),
    Help(
        Text("Telefon oder Ticket verloren?", "Phone or ticket lost?"),
        Text(
            "Melden Sie den Verlust gleich bei Ihrem Antrag. Das verlorene Ticket wird gesperrt, Sie bekommen ein "
            "neues.",
            "Report the loss with your application at once. The lost ticket is revoked, and you get a new one.",
        ),
    ),
)
"""Where an authority says nothing else."""
PHOTO_DOCUMENT = Text("Ausweis mit Lichtbild", "Photo ID")
"""The pupil's card with a photo is one."""


@dataclass(frozen=True)
class Design:
    """How an authority's passes look. Each authority may set its own; the default is nobody's coat of arms."""

    issuer: Text = field(default_factory=lambda: Text("Schulticket", "Schulticket"))
    """Who stands behind the ticket: at most 100 characters."""
    background: Colour = NAVY
    foreground: Colour = WHITE
    label: Colour = PALE_BLUE
    front: tuple[FrontField, ...] = (
        FrontField.TICKET,
        FrontField.BIRTH_DATE,
        FrontField.VALIDITY,
        FrontField.DOCUMENT,
    )
    """In this order: two beneath the name, at most three in the row under them."""
    document: Text = field(default_factory=lambda: PHOTO_DOCUMENT)
    """What is to be shown with the ticket, at most 24 characters."""
    help: tuple[Help, ...] = USUAL_HELP
    pictures: Mapping[PictureKind, Picture] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Its own, in place of the drawn bus."""

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
        if not _has_length(self.issuer, LONGEST_ISSUER):
            raise Invalid(
                Text("Der Name des Herausgebers hat 1 bis 100 Zeichen.", "The issuer's name has 1 to 100 characters."),
                field="issuer",
            )
        self._check_front()
        self._check_words()

    def _check_front(self) -> None:
        if len(set(self.front)) != len(self.front) or not set(self.front) >= NEEDED:
            raise Invalid(
                Text(
                    "Auf der Vorderseite steht jedes Feld höchstens einmal; Geburtsdatum und Gültigkeit müssen dabei "
                    "sein, denn die Kontrolle vergleicht sie.",
                    "On the front each field stands at most once; birth date and validity must be among them, for "
                    "inspectors compare them.",
                ),
                field="front",
            )

    def _check_words(self) -> None:
        if not _has_length(self.document, LONGEST_DOCUMENT):
            raise Invalid(
                Text(
                    "Was mit dem Ticket vorzuzeigen ist, hat 1 bis 24 Zeichen, zum Beispiel „Schülerausweis“.",
                    "What is to be shown with the ticket has 1 to 24 characters, for example “pupil's card”.",
                ),
                field="document",
            )
        fits = all(_has_length(one.label, LONGEST_LABEL) and _has_length(one.answer, LONGEST_HELP) for one in self.help)
        if len(self.help) > MOST_HELP or not fits or len({one.label.de for one in self.help}) != len(self.help):
            raise Invalid(
                Text(
                    "Auf der Rückseite stehen höchstens 6 Hilfen mit verschiedenen Überschriften: die Überschrift mit "
                    "1 bis 40, der Text mit 1 bis 400 Zeichen.",
                    "On the back there are at most 6 help texts under different headings: the heading with 1 to 40, "
                    "the text with 1 to 400 characters.",
                ),
                field="help",
            )

    def check_chosen(self) -> None:
        """What is asked of a design that is chosen now, and was not of those of before.

        Raises:
            Invalid.
        """
        if looks_ended(self.background):
            raise Invalid(
                Text(
                    "Dieses Grau sieht aus wie das von gesperrten oder noch nicht gültigen Tickets. Wählen Sie bitte "
                    "einen anderen Hintergrund.",
                    "This grey looks like that of tickets that are revoked or not valid yet. Please choose another "
                    "background.",
                ),
                field="background",
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
    def logo_digest(self) -> str:
        """Another one wherever what is drawn of it is another."""
        own = (self.pictures.get(kind) for kind in (PictureKind.ICON, PictureKind.LOGO))
        drawn = self.background.hex + self.foreground.hex + "".join(each.digest for each in own if each is not None)
        return sha256(drawn.encode()).hexdigest()[:12]

    @property
    def has_wide_logo(self) -> bool:
        """One with words in it, beside which the issuer's name would stand twice."""
        logo = self.pictures.get(PictureKind.LOGO)
        return logo is not None and logo.is_wide

    @property
    def short_issuer(self) -> Text:
        """For the one line at the top of a pass."""
        return Text(_shortened(self.issuer.de), _shortened(self.issuer.en))


def _has_length(text: Text, most: int) -> bool:
    return all(len(words.strip()) >= 1 and len(words) <= most for words in (text.de, text.en))


def _shortened(name: str) -> str:
    """At most 30 characters, cut between words where there are any."""
    if len(name) <= ONE_LINE:
        return name
    whole_words = name[:ONE_LINE].rpartition(" ")[0].rstrip(" ,;-–")
    return f"{whole_words or name[: ONE_LINE - 1]}…"


DEFAULT_DESIGN = Design()
