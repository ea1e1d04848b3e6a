"""The decision, as its family reads it: with its reasons, and with what was decided since on the own share alone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, Field
from shared.calendar import day_in_berlin, in_berlin
from shared.errors import Text as BothLanguages
from shared.events import SelfPayerOffer

from application.api.applications.references import Basis
from application.checks.answering import answerable
from application.domain.application import View
from application.domain.status import ends_on
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow import Detail


class Text(BaseModel):
    """In beiden Sprachen."""

    de: str
    en: str

    @classmethod
    def of(cls, text: BothLanguages) -> Self:
        """A text as it goes into JSON, in both languages."""
        return cls(de=text.de, en=text.en)


class Reason(BaseModel):
    rule: str
    legal_basis: str
    text: Text


class OpenQuestion(Reason):
    """Was noch geklärt werden muss."""

    answer_with: list[str] = Field(
        description="Teile des Antrags, mit denen sich die Frage über „answers“ beantworten lässt (changes)."
    )
    documents: list[str] = Field(description="Arten von Unterlagen, die dazu helfen.")


class OwnShareFrom(BaseModel):
    from_: date = Field(serialization_alias="from")
    own_share_cents: int


class PriceFrom(BaseModel):
    from_: date = Field(serialization_alias="from")
    cents: int


class Offer(BaseModel):
    """Ein Ticket, das die Familie trotz der Ablehnung kaufen kann."""

    product: str
    prices: list[PriceFrom] = Field(description="Preis im Monat, jeweils ab einem Tag.")
    valid_until: date
    solidarity: bool = Field(description="An dieser Schule nehmen alle das Ticket ab (Solidarmodell).")


class Decision(BaseModel):
    outcome: Literal["granted", "refused"]
    decided_at: datetime
    distance_m: float | None = Field(description="Schulweg in Metern, ungerundet; null, wenn es darauf nicht ankam.")
    limit_m: int | None = Field(description="Entfernungsgrenze in Metern; entscheidend ist, ob der Weg länger ist.")
    own_share_cents: int | None = Field(
        description="Eigenanteil im Monat, in Cent, wie bewilligt; null bei einer Ablehnung."
    )
    own_share_changes: list[OwnShareFrom] = Field(
        default=[],
        description="Was im Schuljahr folgt oder neu festgesetzt wurde, jeweils ab einem Tag; das Ticket bleibt.",
    )
    valid_from: date | None
    valid_until: date | None
    ended_on: date | None = Field(
        default=None,
        description="Letzter Tag der Bewilligung, wo sie vor valid_until endet oder geendet hat: nach einer Rücknahme "
        "durch die Familie oder durch den Schulträger.",
    )
    ticket_from: date | None = Field(
        default=None, description="Erster Tag des Tickets, wo es später beginnt als die Bewilligung."
    )
    own_share_from: date | None = Field(
        default=None, description="Ab wann der Eigenanteil zu zahlen ist, wo das später ist; für die Zeit davor nichts."
    )
    reimbursed_until: date | None = Field(
        default=None, description="Bis wann Belege für Fahrten vor dem Ticket eingereicht werden können."
    )
    reasons: list[Reason]
    rules_version: str | None
    product: str | None = Field(default=None, description="Name des Tickets.")
    transport: str | None = Field(
        default=None, description="Wo eine Beförderung bestimmt wurde: public, special (Schulbus), car …"
    )
    allowance_cents: int | None = Field(default=None, description="Im Monat, an Stelle eines Tickets.")
    ground: str | None = Field(default=None, description="self_payer, wenn die Familie das Ticket selbst bezahlt.")
    offer: Offer | None = Field(default=None, description="Bei einer Ablehnung: was gekauft werden kann.")
    about: Basis | None = Field(
        default=None,
        description="Für welche Schule, Klasse und Wohnung und für welches Kind; null bei einem Ticket, das die "
        "Familie selbst bezahlt.",
    )


def of_decision(decision: TimelineEntry | None, heard: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """The decision, and what was decided since on its own share alone. Oldest first."""
    if decision is None:
        return []
    since = [each for each in heard if each.kind is EntryKind.SHARE_CHANGED and each.decision_id == decision.reference]
    return [decision, *sorted(since, key=lambda each: (each.at, each.reference))]


def _share_changes(since: Sequence[TimelineEntry]) -> list[OwnShareFrom]:
    told = [detail_of(each) for each in since]
    return [
        OwnShareFrom(from_=each.changed_from, own_share_cents=each.own_share_cents)
        for each in told
        if each.changed_from is not None and each.own_share_cents is not None
    ]


def decision(news: TimelineEntry | None, view: View) -> Decision | None:
    """A grant or a refusal with everything by which it is explained, and with what has changed of it since.

    Returns: None for `news` None. Money in cents a month, distances in metres.
    """
    if news is None:
        return None
    detail, heard = detail_of(news), view.news
    ordered = detail.ground == "self_payer"
    return Decision(
        outcome="granted" if news.kind is EntryKind.GRANTED else "refused",
        decided_at=in_berlin(news.at),
        distance_m=detail.distance_m,
        limit_m=detail.limit_m,
        own_share_cents=detail.own_share_cents,
        own_share_changes=[
            *(OwnShareFrom(from_=each.valid_from, own_share_cents=each.cents) for each in detail.own_share_changes),
            *_share_changes(of_decision(news, heard)[1:]),
        ],
        valid_from=detail.valid_from,
        valid_until=detail.valid_until,
        ended_on=_ended_on(news, heard),
        ticket_from=detail.ticket_from,
        own_share_from=detail.own_share_from,
        reimbursed_until=detail.reimbursed_until,
        reasons=reasons_of(detail),
        rules_version=detail.rules_version,
        product=detail.product_name,
        transport=detail.transport,
        allowance_cents=detail.allowance_cents,
        ground=detail.ground,
        offer=_offer(detail.offer) if detail.offer else None,
        about=None if ordered else Basis.of(view, news, carried_on=detail.carries_on is not None),
    )


def _ended_on(news: TimelineEntry, heard: Sequence[TimelineEntry]) -> date | None:
    """By whatever ended this grant first."""
    if news.kind is not EntryKind.GRANTED:
        return None
    ends = [ends_on(each) or day_in_berlin(each.at) for each in heard if _is_end_of(news, each)]
    return min(ends, default=None)


def has_grant_at(moment: datetime, heard: Sequence[TimelineEntry]) -> bool:
    """Whether a grant was in force then, by what was heard until then. One whose last day was over is none."""
    decided = [each for each in heard if each.kind in (EntryKind.GRANTED, EntryKind.REFUSED) and each.at <= moment]
    newest = max(decided, key=lambda each: each.at, default=None)
    if newest is None or newest.kind is not EntryKind.GRANTED:
        return False
    last, ended = detail_of(newest).valid_until, _ended_on(newest, [each for each in heard if each.at < moment])
    return all(day_in_berlin(moment) <= day for day in (last, ended) if day is not None)


def _is_end_of(news: TimelineEntry, end: TimelineEntry) -> bool:
    by_family = end.kind is EntryKind.WITHDRAWN and news.at <= end.at
    return by_family or (end.kind is EntryKind.GRANT_ENDED and end.reference == news.reference)


def _offer(offer: SelfPayerOffer) -> Offer:
    prices = [PriceFrom(from_=each.valid_from, cents=each.cents) for each in offer.prices]
    return Offer(product=offer.product_name, prices=prices, valid_until=offer.valid_until, solidarity=offer.solidarity)


def detail_of(news: TimelineEntry) -> Detail:
    """What is kept of an entry beside its heads; fields that its kind does not have are None or empty."""
    return Detail.model_validate_json(news.detail)


def reasons_of(detail: Detail) -> list[Reason]:
    """Its steps in their order; what a person wrote is marked as German in the English text."""
    return [
        Reason(
            rule=each.rule, legal_basis=each.legal_basis, text=Text(de=each.text, en=english(each.text, each.text_en))
        )
        for each in detail.reasons
    ]


def english(german: str, english: str) -> str:
    """What a person wrote is there in German alone: it is said so, because nobody translated it."""
    return english or f"Written by a person, in German: {german}"


def open_questions(detail: Detail) -> list[OpenQuestion]:
    """With what the family can answer them."""
    return [
        OpenQuestion(**dict(each), answer_with=list(how.parts), documents=list(how.documents))
        for each, how in ((each, answerable(each.rule)) for each in reasons_of(detail))
    ]
