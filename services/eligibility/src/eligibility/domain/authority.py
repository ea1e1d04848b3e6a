"""A school authority, and what it settles for its notices and decisions. Pure."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.events import AuthorityId

from eligibility.domain.attendance import AwaitsSchool
from eligibility.domain.message import PRESET_WORKING_DAYS
from eligibility.domain.second_person import PRESET, SecondPersonAct

Release = Literal["nothing", "refusals", "everything"]
"""What a person must release before it goes out."""
POSTAL_CODE = re.compile(r"\b\d{5}\b")
PLACEHOLDER = re.compile(
    r"\b(demo|todo|tbd|x{2,}|einzutragen|eintragen|platzhalter|muster\w*|example)\b", re.IGNORECASE
)
Line = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Court(_Part):
    """The administrative court before which a notice is challenged (NRW: § 110 JustG, no objection procedure)."""

    name: Line
    address: Line

    @property
    def is_usable(self) -> bool:
        """A court by its name, and where it sits: not a place that somebody was to fill in (§ 58 Abs. 1 VwGO)."""
        named = len(self.name.split()) > 1 and POSTAL_CODE.search(self.address) is not None
        return named and PLACEHOLDER.search(f"{self.name} {self.address}") is None


class Contact(_Part):
    """Who answers questions about a notice."""

    office: Line
    person: Line | None = None
    phone: Line | None = None
    email: Line | None = None


class Authority(_Part):
    """A school authority: the tenant, and what its notices show."""

    id: AuthorityId
    """Its number in the state's register (SchultraegerNr)."""
    name: Line
    letterhead: Annotated[tuple[Line, ...], Field(min_length=1, max_length=6)]
    """Name, office and postal address as printed at the head, one line each."""
    place: Line
    """Where its notices are dated."""
    contact: Contact
    court: Court | None = None
    """Needed where `decides_by` is an administrative act, and its seat's is not known by `municipality`, or is not the
    one: an authority for several districts (LVR, LWL) is challenged where the family lives (§ 52 Nr. 3 VwGO)."""
    municipality: Annotated[str, StringConstraints(pattern=r"^05[0-9]{3}([0-9]{3})?$")] | None = None
    """Official key (AGS) of the municipality where it sits, eight digits, or of its Kreis, five: from it follows the
    court (§ 17 JustG NRW)."""
    decides_by: Literal["administrative_act", "letter"] = "administrative_act"
    """letter: a private body that bears an Ersatzschule (§ 17 SchfkVO). Whether its decision is an administrative act
    is unsure, so its letters claim to be none: no remedies of the administrative courts, no §§ 36, 37 VwVfG NRW."""
    data_protection_url: Line
    rules: Line = "nrw"
    """The rule set by which it decides: the name of a preset."""
    release_by_person: Release = "everything"
    review_band_m: Annotated[float, Field(ge=0, le=1000)] = 50.0
    review_band_without_entrance_m: Annotated[float, Field(ge=0, le=1000)] = 150.0
    """These three hold where the rule set in force is silent (workflow.policy)."""
    entrance_within_m: Annotated[float, Field(gt=0, le=10_000)] = 1_000.0
    """Farther from the school's point in the register an entrance is asked about: grounds with a sports field are some
    hundred metres wide, the register's point is its address. A second site lies farther, and is confirmed."""
    door_within_m: Annotated[float, Field(gt=0, le=10_000)] = 500.0
    """Farther from the house in the directory a front door is asked about: a house's middle is a few metres from its
    door, a farm's drive has some hundred metres."""
    door_from_street_within_m: Annotated[float, Field(gt=0, le=20_000)] = 2_000.0
    """The same where only the street is known: from the nearest of its houses that are."""
    place_within_m: Annotated[float, Field(ge=10_000, le=200_000)] = 50_000.0
    """Farther from every school of the authority nothing is taken: hardly a pupil rides so far every day. Associations
    whose schools serve all of a region may set more."""
    messages_within_working_days: Annotated[int, Field(ge=1, le=60)] = PRESET_WORKING_DAYS
    """By when somebody looks at what a family writes or sends, counted from the day after. A choice of the authority,
    which no law sets; the family is told the day."""
    second_person_for: Annotated[tuple[SecondPersonAct, ...], Field(max_length=10)] = PRESET
    """What waits for a second person; all else one decides alone (domain.second_person)."""
    notice_channels: Annotated[tuple[Literal["portal", "mailbox"], ...], Field(max_length=2)] = ("portal", "mailbox")
    """In which order a notice is tried electronically before it becomes a letter. The portal needs the family's consent
    (§ 41 Abs. 2a VwVfG), the mailbox one that is configured and not excluded (§ 9 OZG). Empty: letters only."""
    awaits_school: AwaitsSchool = "nothing"
    """What waits until the school has confirmed that the pupil attends it. A choice of the authority, which no law
    sets; where nothing waits, the school may confirm all the same."""
    school_reminder_days: Annotated[int, Field(ge=1, le=365)] = 21
    """Where the school says nothing for so many days, the case comes back to a person, who may go by other evidence:
    schools of other bearers and other states may have no account here."""
    register_numbers: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    """Further numbers of the register that are this authority's."""

    def can_send(self, *, self_payer: bool = False) -> bool:
        """Whether its notices have all that they need. An administrative act names the court: without the right one
        the instruction is wrong, and the month becomes a year (§ 58 Abs. 2 VwGO). The confirmation of a ticket that a
        family buys is no act."""
        if self.decides_by == "letter" or self_payer:
            return True
        return self.court is not None and self.court.is_usable

    def bears(self, register_number: str) -> bool:
        """Whether this authority bears a school that the register gives that number (§ 3 SchfkVO)."""
        return register_number == self.id or register_number in self.register_numbers
