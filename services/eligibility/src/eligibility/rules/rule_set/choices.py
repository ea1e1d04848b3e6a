"""What an authority chooses within the law, and the conditions of its own: parts of a rule set."""

from datetime import date
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)
from shared.calendar import day_after, day_before
from shared.cel.check import LONGEST_CONDITION
from shared.errors import Text
from shared.http.problems import bilingual

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,47}$")]
Words = Annotated[str, StringConstraints(min_length=3, max_length=600, pattern=r"^[^\x00-\x1f\x7f]+$")]
Refusing = Literal["residence", "school", "private_school", "course", "deadline", "limit", "income", "fare"]
"""Rules whose refusal may exclude an offer."""


class RulePart(BaseModel):
    """A part of a rule set: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ExtendedPart(RulePart):
    """A part that got further fields later. Where they are not used they are left out, so that a version published
    before keeps its content and its hash."""

    LATER: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _as_before(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        content = handler(self)
        unused = {name for name in self.LATER if getattr(self, name) == type(self).model_fields[name].default}
        return {name: value for name, value in content.items() if name not in unused}


class Fare(RulePart):
    """What a product costs a month, from when to when."""

    valid_from: date
    valid_until: date | None = None
    monthly_cents: Annotated[int, Field(ge=0, le=1_000_000)]
    source: Words


class Product(ExtendedPart):
    LATER = frozenset({"flat"})

    key: Key
    name: Words
    for_whom: Literal["entitled", "self_payers", "both"] = "both"
    fares: Annotated[tuple[Fare, ...], Field(min_length=1, max_length=50)]
    flat: bool = Field(
        False, description="One price whatever the way (Deutschlandticket): then it is also that to the nearest school."
    )

    @model_validator(mode="after")
    def _without_gaps(self) -> "Product":
        for earlier, later in pairwise(self.fares):
            text = check_succession(earlier.valid_from, earlier.valid_until, later.valid_from)
            if text is not None:
                raise bilingual(text)
        return self

    def fare(self, day: date) -> int | None:
        """Cents a month on that day; None where no period covers it."""
        for each in self.fares:
            if each.valid_from <= day and (each.valid_until is None or day <= each.valid_until):
                return each.monthly_cents
        return None


class Danger(RulePart):
    """A stretch that a commission rated as particularly dangerous or unsuitable (NRW: § 6 Abs. 2 SchfkVO)."""

    key: Key
    stretch: Words
    levels: Annotated[tuple[Literal["primary", "lower", "upper"], ...], Field(min_length=1)]
    valid_from: date
    valid_until: date | None = None
    source: Words


class SelfPayer(ExtendedPart):
    """Whether and at what rebate families buy who are not entitled (NRW: decree BASS 20022 for the Deutschlandticket
    Schule: the offer is the authority's decision, and pupils of part-time courses and evening schools are left out)."""

    LATER = frozenset({"how", "how_en", "not_where", "order_until_day"})

    offered: bool = False
    product: Key | None = None
    rebate_cents: Annotated[int, Field(ge=0, le=100_000)] = 0
    source: Words | None = None
    how: Words | None = Field(None, description="How a family takes it, where not by its account. German.")
    how_en: Words | None = None
    order_until_day: Annotated[int, Field(ge=1, le=28)] | None = Field(
        None,
        description="Ordered until this day, it is valid from the next month (dbregiobus: the 10th); missing: always.",
    )
    not_where: Annotated[tuple[Refusing, ...], Field(max_length=10)] = Field(
        ("school", "course"),
        description="No offer where one of these conditions refused: others than pupils in full time.",
    )


class Solidarity(RulePart):
    """The solidarity model: at these schools all pupils take the ticket. The cost of the entitled is borne, with their
    own share by law; the others pay the product's fare (SchülerTicket Westfalen, TeutoOWL; decree BASS 20022)."""

    product: Key
    schools: Annotated[tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")], ...], Field(max_length=500)] = (
        Field((), description="Numbers of the schools concerned; none: all of the authority.")
    )
    source: Words

    def concerns(self, school_number: str) -> bool:
        """Whether all pupils of this school take the ticket; no school named means all schools."""
        return not self.schools or school_number in self.schools


class Choices(ExtendedPart):
    """What the law leaves to the authority."""

    LATER = frozenset({"solidarity", "review_band_without_entrance_m"})

    approval: Literal["yearly", "standing"] = "yearly"
    """standing: an approval carries on until something changes (NRW: § 4 SchfkVO, OVG NRW 19 E 808/05). Each grant still
    ends with the school year, whose facts decide (OVG NRW 19 A 2035/09): what is waived is the new application."""
    release_by_person: Literal["nothing", "refusals", "everything"] | None = None
    review_band_m: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = Field(
        None, description="Metres around a limit within which a person looks."
    )
    review_band_without_entrance_m: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = Field(
        None,
        description="The same where a way ends at no known entrance, or home or entrance lie over 50 m from the network; "
        "at least review_band_m.",
    )
    solidarity_model: bool = False
    """All pupils of a school take the ticket: which, and at which schools, is said under `solidarity`; without that, all
    schools and the product of `self_payer`."""
    solidarity: Solidarity | None = None
    self_payer: SelfPayer = SelfPayer()
    products: Annotated[tuple[Product, ...], Field(max_length=20)] = ()
    """In the order in which the authority prefers them: the first that has a fare on the day is granted."""
    danger_list: Annotated[tuple[Danger, ...], Field(max_length=2000)] = ()

    @model_validator(mode="after")
    def _wider_without_entrance(self) -> "Choices":
        band, without = self.review_band_m, self.review_band_without_entrance_m
        if band is not None and without is not None and without < band:
            raise bilingual(
                Text(f"review_band_without_entrance_m: {without} ist kleiner als review_band_m ({band}). Ohne Eingang ist "
                     "der Weg unsicherer: Nehmen Sie mindestens denselben Wert.",
                     f"review_band_without_entrance_m: {without} is less than review_band_m ({band}). Without an entrance "
                     "the way is less sure: use at least the same value.")
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _named_once(self) -> "Choices":
        keys = [each.key for each in self.products]
        for what, twice in (
            ("products", next((key for key in keys if keys.count(key) > 1), None)),
            ("danger_list", _at_once(self.danger_list)),
        ):
            if twice is not None:
                raise bilingual(
                    Text(f"{what}: {twice} gibt es zweimal. Benennen Sie einen Eintrag um.",
                         f"{what}: {twice} is there twice. Rename one of them.")
                )  # fmt: skip
        known = {each.key for each in self.products}
        named = (("self_payer", self.self_payer.product), ("solidarity", self.solidarity and self.solidarity.product))
        for part, key in named:
            if key is not None and key not in known:
                raise bilingual(
                    Text(f"{part}.product nennt kein Produkt dieses Regelsatzes. Legen Sie es unter products an.",
                         f"{part}.product names no product of this rule set. Add it under products.")
                )  # fmt: skip
        return self

    def product(self, key: str | None) -> Product | None:
        """The product of this key; None where none bears it."""
        return next((each for each in self.products if each.key == key), None)


class Condition(RulePart):
    """A condition of the authority's own, in CEL over the facts (see conditions.py).

    It cannot take what the law gives: it grants more (voluntarily), exempts from the own share, or calls a person.
    """

    key: Key
    when: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CONDITION)]
    effect: Literal["grant", "exempt", "review"]
    legal_basis: Words
    source: Words
    text: Words
    """What the notice says, or what the person is asked."""
    text_en: Words
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day; both ends of its period belong to it."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def _at_once(dangers: tuple[Danger, ...]) -> str | None:
    """A stretch of which two entries hold on one day; one after the other they may."""
    by_key: dict[str, list[Danger]] = {}
    for each in dangers:
        by_key.setdefault(each.key, []).append(each)
    for key, entries in by_key.items():
        entries.sort(key=lambda each: each.valid_from)
        if any(one.valid_until is None or one.valid_until >= then.valid_from for one, then in pairwise(entries)):
            return key
    return None


def check_succession(begins: date, ends: date | None, next_begins: date) -> Text | None:
    """What is wrong where two periods overlap or leave a gap, and the remedy."""
    if ends is None or ends >= next_begins:
        day = day_before(next_begins)
        return Text(
            f"Die Zeiträume ab {begins} und {next_begins} überschneiden sich. Beenden Sie den ersten am {day}.",
            f"the periods from {begins} and {next_begins} overlap. End the first on {day}.",
        )
    day = day_after(ends)
    if day != next_begins:
        return Text(
            f"Zwischen {ends} und {next_begins} ist eine Lücke. Beginnen Sie den zweiten am {day}.",
            f"there is a gap between {ends} and {next_begins}. Begin the second on {day}.",
        )
    return None
