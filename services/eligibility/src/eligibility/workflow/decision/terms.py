"""What a rule set's choices make of a decision: product, fare, standing approval, what is offered. Pure."""

from datetime import date

from eligibility import rules
from eligibility.domain.terms import DatedCents, Offer, Terms
from eligibility.rules import Evaluation, Facts, Rules
from eligibility.rules.law.claims_end import last_day_as_decided
from eligibility.rules.rule_set.choices import Choices, Product, Solidarity


def product_for(choices: Choices, school_number: str, day: date) -> Product | None:
    """The ticket that an entitled pupil of this school gets on that day; None where no fare of any is known then.

    The solidarity model's, else the first for entitled pupils in the order of the rule set.
    """
    model = solidarity(choices, school_number)
    chosen = choices.product(model.product) if model else None
    listed = [chosen] if chosen else [each for each in choices.products if each.for_whom != "self_payers"]
    return next((each for each in listed if each.fare(day) is not None), None)


def with_fare(facts: Facts, choices: Choices, school_number: str, day: date) -> Facts:
    """The product's fare on that day as the fact that cost, cap and own share are computed from.

    Without a fare nothing is put in: nobody guesses. Nor is a fare of 0: what costs nothing leaves nothing to bear, and
    the ticket would be refused. The fare to the nearest school is known where the product has one price for all ways.
    """
    product = product_for(choices, school_number, day)
    fare = product.fare(day) if product else None
    if product is None or not fare:
        return facts
    known = {"monthly_fare_cents": fare} | ({"nearest_monthly_fare_cents": fare} if product.flat else {})
    return facts.model_copy(update=known)


def evaluate_with_fare(facts: Facts, applicable: Rules, school_number: str, day: date) -> tuple[Facts, Evaluation]:
    """The rules' answer, with the fare of the product; where no ticket is given, without it."""
    priced = with_fare(facts, applicable.rule_set.choices, school_number, day)
    evaluation = rules.evaluate(priced, applicable)
    if evaluation.transport in (None, "public"):
        return priced, evaluation
    return facts, rules.evaluate(facts, applicable)


def terms_of_grant(evaluation: Evaluation, applicable: Rules, school_number: str, school_year: str, day: date) -> Terms:
    """`day`: the grant's first."""
    choices, law = applicable.rule_set.choices, applicable.law(school_year)
    ticket = evaluation.transport in (None, "public")
    product = product_for(choices, school_number, day) if ticket else None
    return Terms(
        product=product.key if product else None,
        product_name=product.name if product else "",
        transport=evaluation.transport,
        allowance_cents=evaluation.allowance_cents,
        kilometre_cents=evaluation.kilometre_cents,
        claim_until=last_day_as_decided(law) if law and not ticket else None,
        own_share_changes=evaluation.own_share_changes,
        standing=choices.approval == "standing",
        solidarity=ticket and solidarity(choices, school_number) is not None,
    )


def terms_of_refusal(
    refused_by: frozenset[str], choices: Choices, school_number: str, period: tuple[date, date]
) -> Terms:
    """`refused_by`: the rules that refused.

    Args:
        period: of the ticket that may be bought instead.
    """
    offer = offer_for(refused_by, choices, school_number, period)
    return Terms(offer=offer, solidarity=offer is not None and offer.solidarity)


def offer_for(
    refused_by: frozenset[str], choices: Choices, school_number: str, period: tuple[date, date]
) -> Offer | None:
    """What the family may buy, at which prices; None where nothing is offered, or a price is not known."""
    payer, model = choices.self_payer, solidarity(choices, school_number)
    if refused_by & set(payer.not_where) or not (model or payer.offered) or period[0] > period[1]:
        return None
    product = choices.product(model.product if model else payer.product)
    prices = _prices(product, 0 if model else payer.rebate_cents, period) if product else ()
    if product is None or not prices:
        return None
    said = model.source if model else payer.source
    ends = product.fares[-1].valid_until
    last = period[1] if ends is None else min(period[1], ends)
    return Offer(
        product=product.key,
        name=product.name,
        prices=prices,
        last=last,
        solidarity=model is not None,
        source=said or "",
        how=payer.how or "",
        how_en=payer.how_en or "",
        order_until_day=payer.order_until_day,
    )


def solidarity(choices: Choices, school_number: str) -> Solidarity | None:
    """The solidarity model at this school."""
    if not choices.solidarity_model:
        return None
    model = choices.solidarity
    if model is None:
        key, source = choices.self_payer.product, choices.self_payer.source
        return Solidarity(product=key, source=source or "solidarity_model") if key else None
    return model if model.concerns(school_number) else None


def _prices(product: Product, rebate_cents: int, period: tuple[date, date]) -> tuple[DatedCents, ...]:
    """What the family pays from the first day on, and from each day on which the price changes until the last."""
    first, last = period
    days = [first, *(each.valid_from for each in product.fares if first < each.valid_from <= last)]
    prices: list[DatedCents] = []
    for day in days:
        fare = product.fare(day)
        if fare is None:
            return ()
        price = max(fare - rebate_cents, 0)
        if not prices or prices[-1][1] != price:
            prices.append((day, price))
    return tuple(prices)


__all__ = ["evaluate_with_fare", "offer_for", "product_for", "terms_of_grant", "terms_of_refusal", "with_fare"]
