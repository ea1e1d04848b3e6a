"""The facts on which a decision rests: FACTS.json, and its JSON Schema.

null is the same as missing. Claims and circumstances that are missing are not claimed; what decides and is missing
becomes a question. An unknown key is refused: a misspelt claim would otherwise silently count as not claimed.
"""

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.birth_dates import BirthDate, PartlyKnownDate, may_be_the_same

Form = Literal[
    "BK", "FW", "G", "GE", "GM", "GY", "H", "HI", "KS", "PS", "R", "S", "SB", "SG", "SK", "SR", "V", "WB", "WF"
]  # fmt: skip
"""Short keys of the state's school software (SVWS), see presets/school_forms.yaml."""
Grade = Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "EF", "Q1", "Q2"]
Track = Literal["GY8", "GY9"]
Annex = Literal["A", "B", "C", "D", "E"]
SchoolYearText = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}/[0-9]{2}$")]
Metres = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Cents = Annotated[int, Field(ge=0, le=10_000_000)]
Benefits = Annotated[tuple[Annotated[str, StringConstraints(max_length=40)], ...], Field(max_length=20, strict=False)]


class Part(BaseModel):
    """A part of the facts: frozen, strict (no "yes" for true), unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Pupil(Part):
    birth_date: BirthDate | None = None
    lives_in_nrw: bool | None = Field(None, description="Home or habitual residence in the state whose law applies.")
    lives_in_authority_area: bool | None = Field(
        None, description="Only where the authority of the residence bears the cost (Hessen, Rheinland-Pfalz)."
    )
    special_needs: bool | None = Field(None, description="Support for special educational needs was established.")
    severely_disabled: bool | None = None

    @property
    def born(self) -> date | None:
        """The day, for the law, which sees no date that is known in part: `partly_known` goes through what it may be."""
        return self.birth_date.assumed if isinstance(self.birth_date, PartlyKnownDate) else self.birth_date

    @property
    def is_open(self) -> bool:
        """Whether the law has no day yet."""
        return isinstance(self.birth_date, PartlyKnownDate) and self.birth_date.assumed is None


class School(Part):
    form: Form | None = None
    kind: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,5}$")] | None = Field(
        None, description="Schulart: GMS, RKB, EVB … matters at Grundschule and Hauptschule."
    )
    private: bool | None = None


class CourseFacts(Part):
    """The course at a Berufskolleg."""

    annex: Annex | None = None
    full_time: bool | None = None
    district_class: bool | None = Field(None, description="Bezirksfachklasse of the dual system.")
    after_training: bool | None = Field(None, description="The course requires a finished vocational training.")


class Health(Part):
    """For health reasons or a disability the way needs a vehicle."""

    weeks: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)] | None = Field(
        None, description="For how long, in weeks; 57 days are 8.15."
    )
    certificate: bool | None = Field(None, description="A medical certificate confirms it.")


class AfternoonLessons(Part):
    """Morning and afternoon lessons apart, so that the way is walked a second time (NRW: § 5 Abs. 3 SchfkVO)."""

    mostly: bool | None = Field(None, description="On most school days.")


class AssignedPlace(Part):
    """This school was named by the school supervision, as the place of support for example (NRW: § 9 SchfkVO)."""

    confirmed: bool | None = Field(None, description="The letter that names the school was shown to a person.")


class Branch(Part):
    """A branch for which this school was chosen: bilingual, or the entry into the Oberstufe (NRW: § 9 SchfkVO).

    The nearest school of the form may not have it. Missing: nobody has said.
    """

    claimed: bool | None = Field(None, description="Chosen for such a branch, as the family says.")
    confirmed: bool | None = Field(
        None, description="A person has seen that the nearest school does not have it; this one then counts as nearest."
    )


class Escort(Part):
    """Somebody who must ride along (NRW: § 11 SchfkVO): the fare is borne, never a wage."""

    proven: bool | None = Field(None, description="That an escort is needed was shown to a person.")
    monthly_fare_cents: Cents | None = None


class PlaceOfTeaching(Part):
    """Regular lessons or an internship at another place than the school (NRW: § 8 SchfkVO)."""

    distance_m: Metres | None = Field(None, description="Shortest walk from home to that place, metres, unrounded.")
    required: bool | None = Field(None, description="The curriculum requires it.")


class Transport(Part):
    """How the way is made, and what speaks against public transport (NRW: §§ 12 to 16 SchfkVO)."""

    kind: Literal["public", "special", "car", "motorcycle", "bicycle", "taxi"] | None = Field(
        None, description="What is asked for. special: the authority's own school bus."
    )
    public_available: bool | None = None
    special_available: bool | None = Field(None, description="The authority runs a school bus on this way.")
    walk_to_stops_m: Metres | None = Field(None, description="Home to stop and stop to school, added up.")
    minutes_a_day: Minutes | None = Field(None, description="There and back, waiting for the connection included.")
    minutes_one_way: Minutes | None = None
    waiting_minutes: Minutes | None = Field(None, description="At the school before and after lessons.")
    leaves_home_at: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = Field(
        None, description="On most school days, HH:MM."
    )
    public_unsuitable_proven: bool | None = Field(None, description="A disability or illness rules it out, proven.")
    public_unsuitable_claimed: bool | None = Field(None, description="The same, but not yet shown to a person.")
    kilometres_one_way: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = None
    rides_a_day: Annotated[int, Field(ge=1, le=4)] | None = Field(None, description="Ways that are borne; missing: 2.")
    school_days_a_month: Annotated[int, Field(ge=1, le=31)] | None = None
    passengers: Annotated[int, Field(ge=0, le=8)] | None = Field(
        None, description="Further entitled pupils in the car."
    )


class SiblingFacts(Part):
    birth_date: BirthDate
    funded: bool | None = Field(None, description="Gets a funded ticket itself: only such children count.")
    counts_first: bool | None = Field(
        None, description="For twins and adopted children born on one day: counts before the pupil."
    )
    order_open: bool | None = Field(
        None, description="counts_first is not known and was taken as false until the family has told; read by no rule."
    )
    funded_from: date | None = Field(None, description="First day with a funded ticket; missing: the school year's.")
    funded_until: date | None = Field(None, description="Last day with a funded ticket; missing: the school year's.")

    @property
    def born(self) -> date:
        """As the pupil's; the last day it may be where it was not gone through."""
        born = self.birth_date
        return born if isinstance(born, date) else born.assumed or born.latest

    @property
    def is_open(self) -> bool:
        """As the pupil's."""
        return isinstance(self.birth_date, PartlyKnownDate) and self.birth_date.assumed is None

    def may_be_born_with(self, pupil: Pupil) -> bool:
        """On one day, as far as both birth dates are known."""
        return pupil.birth_date is not None and may_be_the_same(self.birth_date, pupil.birth_date)

    def counts_before(self, pupil: Pupil) -> bool | None:
        """Whether it is the older one; None where the facts do not say. What is told of children that may be born on one
        day counts."""
        if pupil.born is None:
            return None
        if self.counts_first is not None and self.may_be_born_with(pupil):
            return self.counts_first
        return None if self.born == pupil.born else self.born < pupil.born


class UnprovenFacts(Part):
    """What the family said that would lower the own share, while nobody has seen a proof: kept beside the facts so that
    it is not forgotten. No rule reads it."""

    siblings: Annotated[tuple[SiblingFacts, ...], Field(max_length=30, strict=False)] | None = None
    benefits: Benefits | None = None


class Facts(Part):
    """FACTS.json."""

    schema_reference: str | None = Field(None, alias="$schema", description="For editors; ignored.")
    school_year: SchoolYearText | None = Field(None, description="1 August to 31 July, for example 2026/27.")
    application_date: date | None = None
    pupil: Pupil | None = None
    school: School | None = None
    grade: Grade | None = None
    track: Track | None = Field(None, description="Eight or nine years at the Gymnasium; decides for EF.")
    course: CourseFacts | None = None
    distance_m: Metres | None = Field(None, description="Shortest walk to the attended school, metres, unrounded.")
    attends_nearest: bool | None = None
    nearest_distance_m: Metres | None = Field(
        None, description="Shortest walk to the nearest school; the limit is tested against it."
    )
    nearest_refused: bool | None = Field(None, description="Claimed: the nearest school refused admission.")
    nearest_refused_school: Annotated[str, StringConstraints(max_length=12)] | None = Field(
        None, description="Number of the school that refused, as the family says."
    )
    nearest_refusal_proven: bool | None = Field(
        None, description="The refusal was shown to a person; the attended school then counts as nearest."
    )
    monthly_fare_cents: Cents | None = None
    nearest_monthly_fare_cents: Cents | None = None
    health: Health | None = None
    dangerous_route_claimed: bool | None = None
    distance_without_hazards_m: Metres | None = Field(
        None, description="Shortest walk that avoids the dangerous stretch."
    )
    second_home: bool | None = None
    second_home_distance_m: Metres | None = Field(
        None, description="Shortest walk from the second home to the attended school, metres, unrounded."
    )
    siblings: Annotated[tuple[SiblingFacts, ...], Field(max_length=30, strict=False)] | None = None
    benefits: Benefits | None = Field(None, description="SGB XII, SGB II, AsylbLG, KiZ, WoGG …")
    benefits_from: date | None = Field(None, description="First day with these benefits; missing: the grant's first.")
    benefits_until: date | None = Field(None, description="Last day with these benefits; missing: the grant's last.")
    unproven: UnprovenFacts | None = Field(
        None, description="Told and not proven; kept for the record, read by no rule."
    )
    applicant: Literal["guardian", "pupil", "other"] | None = Field(
        None, description="Who applies; other: anybody with a power of attorney. Missing: not tested."
    )
    afternoon_lessons: AfternoonLessons | None = None
    assigned_place: AssignedPlace | None = None
    own_branch: Branch | None = None
    place_of_teaching: PlaceOfTeaching | None = None
    transport: Transport | None = None
    escort: Escort | None = None
    boarding: bool | None = Field(
        None, description="Lives at a boarding school in the week (NRW: trips home, § 10 SchfkVO)."
    )
    wanted_from: date | None = Field(None, description="Missing: from the school year's first day.")
    leaves_on: date | None = Field(None, description="Last day at this school, where it lies in the school year.")
    income_within_limit: bool | None = Field(None, description="Only where a state's law tests the income.")


Child = TypeVar("Child", Pupil, SiblingFacts)


def assume_birth(child: Child, born: date) -> Child:
    """The same child, as if it were born on that day: for the law alone; what is written and said of it stays."""
    if not isinstance(child.birth_date, PartlyKnownDate):
        return child
    return child.model_copy(update={"birth_date": child.birth_date.assuming(born)})


NO_PUPIL, NO_SCHOOL = Pupil(), School()
