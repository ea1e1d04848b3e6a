"""What staff send and read of a design, as JSON."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from shared.errors import Text

from wallet_pass.domain.designs import (
    DEFAULT_DESIGN,
    LONGEST_HELP,
    MOST_HELP,
    Colour,
    Design,
    FrontField,
    Help,
)
from wallet_pass.domain.pictures import PictureKind
from wallet_pass.workflow.designs import ChosenDesign

STRICT = ConfigDict(extra="forbid")


class BothLanguages(BaseModel):
    """German and English."""

    model_config = STRICT | {"json_schema_extra": {"examples": [{"de": "Schülerausweis", "en": "Pupil's card"}]}}

    de: Annotated[str, Field(max_length=LONGEST_HELP)]
    en: Annotated[str, Field(max_length=LONGEST_HELP)]

    @property
    def text(self) -> Text:
        """As the domain has it."""
        return Text(self.de, self.en)

    @classmethod
    def of(cls, text: Text) -> "BothLanguages":
        """From the domain's."""
        return cls(de=text.de, en=text.en)


class HelpBody(BaseModel):
    """A question of a family, and the answer."""

    model_config = STRICT | {
        "json_schema_extra": {
            "examples": [
                {
                    "label": {"de": "Fragen?", "en": "Questions?"},
                    "answer": {"de": "Telefon 0241 0000", "en": "Phone 0241 0000"},
                }
            ]
        }
    }

    label: BothLanguages
    answer: BothLanguages


class DesignBody(BaseModel):
    """How passes look, beside their pictures."""

    model_config = STRICT | {
        "json_schema_extra": {
            "examples": [
                {
                    "issuer": {"de": "Stadt Musterstadt", "en": "City of Musterstadt"},
                    "background": "#005028",
                    "foreground": "#ffffff",
                    "label": "#cde8d9",
                    "front": ["ticket", "birth_date", "validity", "document"],
                    "document": {"de": "Schülerausweis", "en": "Pupil's card"},
                    "help": [],
                }
            ]
        }
    }

    issuer: BothLanguages
    """Who stands behind the ticket: at most 100 characters."""
    background: str
    """#rrggbb, as all colours."""
    foreground: str
    label: str
    front: Annotated[list[FrontField], Field(max_length=len(FrontField))] = list(DEFAULT_DESIGN.front)
    document: BothLanguages = BothLanguages.of(DEFAULT_DESIGN.document)
    """What is to be shown with the ticket: at most 24 characters."""
    help: Annotated[list[HelpBody], Field(max_length=MOST_HELP)] | None = None
    """On the back; left out: the usual words on screenshots and losses."""

    def design(self) -> Design:
        """As the domain has it, without pictures.

        Raises:
            Invalid.
        """
        chosen = DEFAULT_DESIGN.help if self.help is None else tuple(_help(one) for one in self.help)
        return Design(
            self.issuer.text,
            Colour.from_hex(self.background),
            Colour.from_hex(self.foreground),
            Colour.from_hex(self.label),
            front=tuple(self.front),
            document=self.document.text,
            help=chosen,
        )


class PictureAnswer(BaseModel):
    """One that is kept, in pixels; `digest` is its SHA-256."""

    width: int
    height: int
    digest: str


class DesignAnswer(BaseModel):
    """What counts for these passes."""

    own: bool
    """False: the authority's for all operators, or the usual one."""
    issuer: BothLanguages
    background: str
    foreground: str
    label: str
    front: list[FrontField]
    document: BothLanguages
    help: list[HelpBody]
    pictures: dict[PictureKind, PictureAnswer]
    operators: list[int]
    """For which the authority has a design of their own."""
    passes: int
    """How many are made again because of what was just chosen, spread over time."""

    @classmethod
    def of(cls, chosen: ChosenDesign) -> "DesignAnswer":
        """From the workflow's."""
        design = chosen.design
        return cls(
            own=chosen.is_own,
            issuer=BothLanguages.of(design.issuer),
            background=design.background.hex,
            foreground=design.foreground.hex,
            label=design.label.hex,
            front=list(design.front),
            document=BothLanguages.of(design.document),
            help=[
                HelpBody(label=BothLanguages.of(one.label), answer=BothLanguages.of(one.answer)) for one in design.help
            ],
            pictures={
                kind: PictureAnswer(width=each.width, height=each.height, digest=each.digest)
                for kind, each in design.pictures.items()
            },
            operators=list(chosen.operators),
            passes=chosen.passes,
        )


def _help(body: HelpBody) -> Help:
    return Help(body.label.text, body.answer.text)
