"""The parts of a notice, as it is written down with its decision and printed from. Pure.

Typed dictionaries, since what is written down is kept byte for byte: what a family was told is printed again years later
from these words, by a press that reads older layouts too.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import NotRequired, TypedDict

from eligibility.domain.kept_routes import KeptDetour, KeptEntrance, KeptInterval, KeptLeg, KeptLine, KeptNetwork


class Paragraph(TypedDict):
    text: str
    strong: NotRequired[bool]
    """The decision itself."""


class TextSection(TypedDict):
    """A title with its paragraphs."""

    title: str
    paragraphs: list[Paragraph]


class Ground(TypedDict):
    """A reason, in the words of the notice."""

    text: str
    legal_basis: str


class ReasonsSection(TextSection):
    """Why it was decided so: figures, reasons, and whether the picture of the way stands there."""

    figures_title: tuple[str, str]
    figures: list[tuple[str, str]]
    """What, and its length."""
    reasons: list[Ground]
    picture: bool


KeptSection = TextSection | ReasonsSection
"""As it is kept and printed. Told apart by `reasons`: kept notices bear no other mark."""


class SectionKind(Enum):
    """What a section is about. Never kept: a notice is printed from its words, whatever they were about."""

    OPERATIVE_PART = auto()
    OWN_SHARE = auto()
    EARLIER_FARES = auto()
    ALLOWANCE = auto()
    REASONS = auto()
    CONDITIONS = auto()
    OFFER = auto()
    ORDER = auto()
    PRICE = auto()
    REMEDIES = auto()
    DATA_PROTECTION = auto()


@dataclass(frozen=True)
class Section:
    """A section while the notice is composed: by its kind another notice takes it over, leaves it out or replaces it."""

    kind: SectionKind
    content: KeptSection

    @classmethod
    def of(cls, kind: SectionKind, title: str, *paragraphs: str) -> "Section":
        """A title with its paragraphs, none of them the decision itself."""
        return cls(kind, {"title": title, "paragraphs": [{"text": each} for each in paragraphs]})


class DrawnWay(TypedDict, total=False):
    """What the picture of the way shows."""

    geometry: KeptLine
    metres: float
    connector_from_m: float
    interval: KeptInterval
    legs: list[KeptLeg]
    other_entrances: list[KeptEntrance]
    network: KeptNetwork
    without_hazards: KeptDetour
    limit_m: int | None


class Letterhead(TypedDict):
    name: str
    letterhead: list[str]


class Summary(TypedDict):
    """The notice in plain German, or in English."""

    title: str
    paragraphs: list[str]


class Notice(TypedDict):
    """In reading order. The German text is the binding one."""

    layout: str
    title: str
    subject: str
    date: str
    """ISO."""
    date_text: str
    place: str
    authority: Letterhead
    information: list[tuple[str, str]]
    """Label and value: whom to ask."""
    return_line: str
    addressee: list[str]
    salutation: str
    sections: list[KeptSection]
    route: DrawnWay | None
    picture_alt: str
    picture_caption: str
    closing: str
    footer: str
    plain: Summary
    english: Summary
