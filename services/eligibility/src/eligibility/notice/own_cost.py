"""What a notice says of a ticket on the family's own cost: the offer beside a refusal, and the order. Pure."""

from collections.abc import Sequence
from datetime import date

from shared.calendar import day_in_berlin, first_whole_month

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.terms import DatedCents, Offer
from eligibility.notice.address import address_of
from eligibility.notice.notice import Section, SectionKind
from eligibility.notice.terms import WHERE_IT_IS
from eligibility.rules import texts

UNTOUCHED = "Die Ablehnung der Kostenübernahme bleibt bestehen; die Frist, in der Sie gegen sie klagen können, läuft unverändert."
HOW = (
    "Sie nehmen das Angebot in Ihrem Online-Antrag an („Ticket selbst bezahlen“) oder schreiben uns.",
    "You accept the offer in your online application (“pay for the ticket yourself”), or write to us.",
)


def offer(decision: Decision) -> Section | None:
    """What the family may buy although its cost is not borne."""
    made = decision.terms.offer
    if made is None:
        return None
    if made.solidarity:
        opening = (
            f"An dieser Schule nehmen alle Schülerinnen und Schüler das {made.name} ab (Solidarmodell). "
            "Weil die Kosten nicht übernommen werden, zahlen Sie den Preis des Solidarmodells selbst:"
        )
    else:
        opening = f"Sie können das {made.name} zum ermäßigten Preis für Selbstzahler kaufen:"
    source = f" Grundlage: {made.source}." if made.source else ""
    untouched = (
        "Das Angebot ändert nichts an der Ablehnung. Sie können es annehmen und trotzdem gegen die Ablehnung vorgehen."
    )
    return Section.of(
        SectionKind.OFFER,
        "Angebot: Ticket auf eigene Kosten",
        f"{opening} {prices(_from_the_first(made), made.last)[0]}{source}",
        f"{made.how or HOW[0]} {_begins(made)}",
        untouched,
    )


def _begins(made: Offer) -> str:
    day = made.order_until_day
    until = f", wenn Sie bis zum {day}. eines Monats bestellen (sonst einen Monat später)" if day else ""
    earliest = _from_the_first(made)[0][0]
    return f"Das Ticket gilt ab dem Ersten des folgenden Monats{until}, frühestens ab dem {_day(earliest)}."


def _from_the_first(made: Offer) -> list[DatedCents]:
    """Prices from the day on which a ticket can begin, which is a first of a month."""
    first = first_whole_month(made.prices[0][0])
    paid = next(cents for since, cents in reversed(made.prices) if since <= first)
    return [(first, paid), *(each for each in made.prices if each[0] > first)]


def order(case: Case, decision: Decision) -> list[Section]:
    """Of a self-payer's ticket: what was ordered and what it costs. No administrative act: the refusal stays the one."""
    if decision.valid_from is None or decision.valid_until is None:
        raise ValueError("an ordered ticket without period")
    address = address_of(case, day_in_berlin(decision.released_at or decision.prepared_at))
    whom = "sich" if address.to_pupil else address.name
    opening = (
        f"Für {whom} haben Sie das {decision.terms.product_name} bestellt. Es gilt ab dem {_day(decision.valid_from)}. "
        f"Sie bezahlen es selbst. {WHERE_IT_IS}"
    )
    return [
        Section.of(SectionKind.ORDER, "Ihre Bestellung", opening, UNTOUCHED),
        Section.of(SectionKind.PRICE, "Preis", *_price(decision)),
    ]


def plain_order(decision: Decision) -> str:
    """Of a self-payer: what was ordered and what it costs, in plain German."""
    return f"Sie haben das {decision.terms.product_name} bestellt. Sie bezahlen es selbst. {' '.join(_price(decision))}"


def english_order(decision: Decision) -> str:
    """Of a self-payer: what was ordered and what it costs, in English."""
    amounts = [(decision.valid_from or date.min, decision.own_share_cents or 0), *decision.terms.own_share_changes]
    said = prices(amounts, decision.valid_until or date.max)[1]
    return f"You have ordered the ticket {decision.terms.product_name} and pay for it yourself: {said} The refusal stays as it is."


def _price(decision: Decision) -> list[str]:
    amounts = [(decision.valid_from or date.min, decision.own_share_cents or 0), *decision.terms.own_share_changes]
    return [f"Der Preis beträgt {prices(amounts, decision.valid_until or date.max)[0]}"]


def prices(amounts: Sequence[DatedCents], last: date) -> tuple[str, str]:
    """38,00 Euro im Monat ab dem 01.08.2026, 43,00 Euro im Monat ab dem 01.01.2027, bis zum 31.07.2027."""
    german = [f"{texts.euros(cents)[0]} im Monat ab dem {_day(day)}" for day, cents in amounts]
    english = [f"{texts.euros(cents)[1]} a month from {texts.day(day)[1]}" for day, cents in amounts]
    until_german, until_english = texts.day(last)
    return f"{', '.join(german)}, bis zum {until_german}.", f"{', '.join(english)}, until {until_english}."


def plain_offer(made: Offer) -> str:
    """Which ticket the family may buy instead, for how much and how, in plain German."""
    german = prices(_from_the_first(made), made.last)[0]
    return f"Sie können das {made.name} kaufen. Es kostet {german} {made.how or HOW[0]}"


def english_offer(made: Offer) -> str:
    """Which ticket the family may buy instead, for how much and how, in English."""
    return f"You may buy the ticket {made.name}: {prices(_from_the_first(made), made.last)[1]} {made.how_en or HOW[1]}"


def _day(value: date) -> str:
    return texts.day(value)[0]
