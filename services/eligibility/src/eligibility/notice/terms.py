"""What a notice says of money and of how the child rides: own share, ticket, allowance, offer, next year. Pure."""

from datetime import date

from eligibility.domain.decision import Decision
from eligibility.domain.terms import DatedCents, Terms
from eligibility.notice.notice import Section, SectionKind
from eligibility.notice.wording import NEXT_YEAR, STANDING, Wording
from eligibility.rules import texts

VEHICLES = {
    "car": ("einem Pkw", "a car"),
    "motorcycle": ("einem anderen Kraftfahrzeug", "another motor vehicle"),
    "bicycle": ("einem Fahrrad", "a bicycle"),
}
WHERE_IT_IS = "Es liegt diesem Schreiben nicht bei: Sobald es fertig ist, finden Sie es in Ihrem Online-Antrag."
PAID_FIRST = "Sie zahlen ihn zum ersten Mal für {month}. Wie und wann, teilen wir Ihnen noch mit."
PAID_HOW = "Wie und wann Sie ihn bezahlen, teilen wir Ihnen noch mit."
NEXT_YEAR_EN = {
    False: "Please apply anew for the next school year, unless we tell you otherwise.",
    True: "You need not apply anew for the next school year.",
}
"""By whether the grant is a standing one."""
OVER = "Ein Ticket gibt es nicht mehr, denn diese Zeit ist schon vorbei."


def how_the_child_rides(decision: Decision) -> str:
    """One or two sentences after the operative part of a grant."""
    terms = decision.terms
    if terms.with_ticket and decision.ticket_days is None:
        return OVER
    if terms.with_ticket:
        named = f" ({terms.product_name})" if terms.product_name else ""
        shared = " An dieser Schule nehmen alle Schülerinnen und Schüler das Ticket ab (Solidarmodell)."
        from_ = f" Es gilt ab dem {_day(terms.ticket_from)}." if terms.ticket_from else ""
        return f"Sie erhalten dafür ein Ticket{named}.{from_} {WHERE_IT_IS}" + (shared if terms.solidarity else "")
    if terms.transport == "special":
        return "Die Beförderung geschieht mit dem Schulbus des Schulträgers. Ein Ticket gibt es daneben nicht."
    if terms.transport == "taxi":
        return "Die Übernahme geschieht durch Erstattung der tatsächlichen Kosten für ein Taxi oder einen Mietwagen. Ein Ticket gibt es daneben nicht."
    return "Die Übernahme geschieht durch eine Entschädigung für gefahrene Kilometer. Ein Ticket gibt es daneben nicht."


def own_share(wording: Wording, decision: Decision) -> Section:
    """The own share as a part of its own, with each amount that follows in the school year and from when."""
    cents, changes = decision.own_share_cents or 0, decision.terms.own_share_changes
    first = decision.terms.share_from
    text = wording.own_share.format(euros=texts.euros(cents)[0]) if cents else "Ein Eigenanteil wird nicht erhoben."
    if cents and first is not None:
        text = wording.own_share_from.format(euros=texts.euros(cents)[0], first=_day(first))
    basis = next((each["legal_basis"] for each in decision.reasons if each["rule"] == "own_share"), "")
    said = f" ({basis})" if basis else ""
    due = _first_month(decision)
    paid = PAID_HOW if due is None else PAID_FIRST.format(month=texts.month(due)[0])
    how = [paid] if cents or any(amount for _, amount in changes) else []
    own = text.rstrip(".") + f"{said}."
    return Section.of(SectionKind.OWN_SHARE, "Eigenanteil", own, *(from_then(each) for each in changes), *how)


def _first_month(decision: Decision) -> date | None:
    """The month that is paid first, where the ticket begins in it as it was asked for: the whole month, also where it
    begins in its midst (decision 49). None where another day is named, or nothing is paid at first."""
    terms = decision.terms
    return None if not decision.own_share_cents or terms.share_from or not terms.with_ticket else decision.valid_from


def before_the_ticket(decision: Decision) -> Section | None:
    """What is paid for the time before the ticket, and how it is claimed."""
    said = repaid(decision)
    if said is None:
        return None
    until = f"{said[0]} Danach kann nichts mehr beansprucht werden (§ 4 SchfkVO)."
    return Section.of(SectionKind.EARLIER_FARES, "Fahrkosten vor dem Ticket", until)


def repaid(decision: Decision) -> tuple[str, str] | None:
    """What is said of fares before the ticket, in German and English."""
    terms, first = decision.terms, decision.valid_from
    if terms.reimbursed_until is None or terms.without_ticket_until is None or first is None:
        return None
    return text_of_reimbursement(first, terms.without_ticket_until, terms.reimbursed_until)


def text_of_reimbursement(first: date, last: date, until: date) -> tuple[str, str]:
    """Between these days there was no ticket: what was paid is reimbursed."""
    (from_, from_en), (to, to_en), (end, end_en) = texts.day(first), texts.day(last), texts.day(until)
    return (
        f"Für die Zeit vom {from_} bis zum {to} erstatten wir, was Sie für notwendige Fahrten zur Schule tatsächlich "
        f"bezahlt haben. Bitte reichen Sie die Belege bis zum {end} ein.",
        f"For the time from {from_en} until {to_en} we reimburse what you actually paid for necessary rides to "
        f"school. Please hand in the receipts by {end_en}.",
    )


def allowance(decision: Decision) -> Section | None:
    """What is paid a kilometre, and how it is claimed; None where a ticket or a school bus is given."""
    terms = decision.terms
    if terms.with_ticket or terms.transport == "special":
        return None
    until = (
        f" Nach dem {_day(terms.claim_until)} kann nichts mehr beansprucht werden (§ 4 SchfkVO)."
        if terms.claim_until
        else ""
    )
    how = (
        "Bitte reichen Sie uns nach jedem Schulhalbjahr eine Aufstellung der Tage ein, an denen gefahren wurde." + until
    )
    if terms.transport not in VEHICLES:
        receipts = "Bitte reichen Sie uns die Rechnungen ein. Erstattet wird, was tatsächlich und notwendig ausgegeben wurde (§ 16 Abs. 2 SchfkVO)."
        return Section.of(SectionKind.ALLOWANCE, "Erstattung", receipts + until)
    with_what = VEHICLES[terms.transport][0]
    if terms.kilometre_cents is None:
        paid = f"Für Fahrten mit {with_what} wird eine Entschädigung je Kilometer gezahlt (§ 16 Abs. 1 SchfkVO)."
    else:
        rate = texts.euros(terms.kilometre_cents)[0]
        paid = f"Für Fahrten mit {with_what} werden {rate} je Kilometer gezahlt (§ 16 Abs. 1 SchfkVO)."
    if terms.allowance_cents is not None:
        paid += f" Nach den angegebenen Fahrten sind das {texts.euros(terms.allowance_cents)[0]} im Monat; gezahlt wird, was tatsächlich gefahren wurde."
    return Section.of(SectionKind.ALLOWANCE, "Entschädigung für gefahrene Kilometer", paid, how)


def next_year(terms: Terms) -> str:
    """What to do for the next school year, in German: nothing where the grant stands, else apply again."""
    return STANDING if terms.standing else NEXT_YEAR


def plain_money(decision: Decision, child: str) -> str:
    """Plain German: what a grant costs or brings.

    Args:
        child: in the accusative.
    """
    terms, share = decision.terms, decision.own_share_cents or 0
    if not terms.with_ticket:
        if terms.transport == "special":
            return f"Ein Schulbus fährt {child}. Sie müssen nichts bezahlen."
        return "Sie bekommen Geld für die Fahrten. Schreiben Sie bitte auf, an welchen Tagen Sie gefahren sind."
    begins = f"Ab dem {_day(terms.share_from)} zahlen Sie" if terms.share_from else "Sie zahlen"
    due = _first_month(decision)
    month = f", zuerst für {texts.month(due)[0]}" if due is not None else ""
    told = [f"{begins} {texts.euros(share)[0]} im Monat{month}." if share else "Sie müssen nichts bezahlen."]
    for day, cents in terms.own_share_changes:
        pay = f"zahlen Sie {texts.euros(cents)[0]} im Monat" if cents else "müssen Sie nichts bezahlen"
        told.append(f"Ab dem {_day(day)} {pay}.")
    return " ".join(told)


def english_money(decision: Decision, child: str) -> str:
    """What the family pays a month, from when on, and what becomes of the ticket, in English."""
    terms, share = decision.terms, decision.own_share_cents or 0
    if not terms.with_ticket:
        paid = f"The authority's school bus carries {child}." if terms.transport == "special" else (
            "In place of a ticket the rides are paid for; please list the days on which they were made."
        )  # fmt: skip
        return f"{paid} No ticket is sent."
    due = _first_month(decision)
    month = f", first due for {texts.month(due)[1]}" if due is not None else ""
    own = f"The own share is {texts.euros(share)[1]} a month{month}." if share else "No own share is to be paid."
    if share and terms.share_from:
        own = f"From {texts.day(terms.share_from)[1]} the own share is {texts.euros(share)[1]} a month."
    own += english_changes(terms)
    if decision.ticket_days is None:
        return f"{own} There is no ticket any more, for this time is over."
    named = f" ({terms.product_name})" if terms.product_name else ""
    from_ = f"; it is valid from {texts.day(terms.ticket_from)[1]}" if terms.ticket_from else ""
    return f"{own} You will find the ticket{named} in your online application as soon as it is ready{from_}."


def english_duties(decision: Decision) -> str:
    """What a family does while the grant runs: as the German text has it, in short."""
    terms = decision.terms
    ticket = decision.ticket_days is not None
    said = [
        "Please tell us at once if you move or the school or course is changed or left"
        + (" (you may not use the ticket after that)" if ticket else "")
        + (", if a sibling's funding ends or the ticket is lost." if ticket else ", or if a sibling's funding ends."),
    ]
    if terms.limited and decision.valid_until:
        last = texts.day(decision.valid_until)[1]
        said.append(f"The grant ends on {last}, because its ground is proven until then.")
        said.append("If it lasts longer, please send us new proof before that day.")
    said.append(NEXT_YEAR_EN[terms.standing])
    return " ".join(said)


def english_changes(terms: Terms) -> str:
    """What the own share becomes in the school year, each with a space before it."""
    said = ((texts.day(day)[1], texts.euros(cents)[1] if cents else "") for day, cents in terms.own_share_changes)
    return "".join(
        f" From {day} it is {euros} a month." if euros else f" From {day} none is to be paid." for day, euros in said
    )


def from_then(change: DatedCents) -> str:
    """What follows the first amount of an own share."""
    day, cents = change
    if not cents:
        return f"Ab dem {_day(day)} wird kein Eigenanteil erhoben."
    return f"Ab dem {_day(day)} beträgt er {texts.euros(cents)[0]} im Monat."


def _day(value: date) -> str:
    return texts.day(value)[0]
