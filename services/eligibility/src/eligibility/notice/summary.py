"""What a notice says in short: in plain German for everybody, and in English as a courtesy. Neither is binding. Pure.

Plain language (Einfache Sprache): one thought to a sentence, everyday words, no paragraphs of the law.
"""

from collections.abc import Mapping

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.notice import ends
from eligibility.notice.terms import english_money, english_offer, english_order, plain_money, plain_offer, plain_order
from eligibility.rules import texts

FLOW = ("note", "met", "not_met")
PLAIN_REASONS = {
    "distance": ("Ihr Kind hat einen langen Weg zur Schule.", "Der Weg zur Schule ist nicht lang genug."),
    "nearest_school": ("", "Ihr Kind besucht nicht die nächste Schule."),
    "health": ("Ihr Kind kann den Weg aus gesundheitlichen Gründen nicht gehen.", ""),
    "dangerous_route": ("Der Weg zur Schule ist gefährlich.", ""),
    "residence": ("", "Ihr Kind wohnt nicht in Nordrhein-Westfalen."),
    "deadline": ("", "Der Antrag kam zu spät."),
    "school_form": ("", "Für diese Schule gibt es das Ticket nicht."),
}
"""Where the outcome is granted, and where it is refused."""
PROOF_MISSING = (
    "Sie zahlen zuerst den vollen Eigenanteil. Schicken Sie uns bitte den Nachweis, der oben genannt ist. "
    "Dann zahlen Sie weniger, und zwar von Anfang an."
)
TICKETS_PAID = "Haben Sie vor diesem Tag Fahrkarten für den Schulweg bezahlt? Dann schicken Sie uns bitte die Belege."


def plain(authority: Authority, case: Case, decision: Decision) -> list[str]:
    """German, short."""
    if decision.terms.self_payer:
        return [plain_order(decision)]
    child = case.submission["child"]["first_name"] or case.submission["child"]["last_name"]
    if decision.outcome == "granted" and decision.valid_from and decision.valid_until:
        first, last = texts.day(decision.valid_from)[0], texts.day(decision.valid_until)[0]
        pay = plain_money(decision)
        days = decision.ticket_days
        if days is not None:
            told = [
                f"{child} bekommt ein Ticket für den Schulweg.",
                f"Das Ticket gilt vom {texts.day(days[0])[0]} bis zum {last}.",
                pay,
            ]
        else:
            told = [f"Wir übernehmen die Fahrten von {child} zur Schule.", f"Das gilt vom {first} bis zum {last}.", pay]
    elif decision.terms.ends is not None:
        told = [ends.plain(decision.terms.ends, child)]
    else:
        told = [f"{child} bekommt kein kostenloses Ticket für den Schulweg."]
    told += [f"Der Grund: {each}" for each in _reasons(decision)[:1]]
    opening = " ".join(told)
    change = "Ziehen Sie um oder wechselt Ihr Kind die Schule? Dann sagen Sie uns das bitte sofort."
    made = decision.terms.offer
    more = [*_to_send(decision), change] if decision.outcome == "granted" else [plain_offer(made)] if made else []
    return [opening, *more, _remedy(authority)]


def english(authority: Authority, case: Case, decision: Decision) -> list[str]:
    if decision.terms.self_payer:
        return [english_order(decision)]
    child = f"{case.submission['child']['first_name']} {case.submission['child']['last_name']}".strip()
    if decision.outcome == "granted" and decision.valid_from and decision.valid_until:
        first, last = texts.day(decision.valid_from)[1], texts.day(decision.valid_until)[1]
        opening = (
            f"The costs of travel to school for {child} are borne from {first} to {last}. {english_money(decision)}"
        )
    else:
        opening = f"The application to bear the costs of travel to school for {child} is refused."
        if decision.terms.ends is not None:
            opening = ends.english(decision.terms.ends, child)
        if decision.terms.offer:
            opening += f" {english_offer(decision.terms.offer)}"
    reasons = " ".join(
        each["text_en"] for each in decision.reasons if each["result"] in FLOW and each["rule"] != "measurement"
    )
    court = authority.court
    if authority.decides_by == "letter" or court is None:
        remedy = "If you do not agree, please write to us; courts remain open to you."
    else:
        remedy = f"You may bring an action before the court {court.name}, {court.address}, within one month of being notified."
    return [opening, reasons.strip(), remedy]


def _to_send(decision: Decision) -> list[str]:
    """What brings the family money back."""
    proof = any(each["rule"] == "share_proof" for each in decision.reasons)
    return [*([PROOF_MISSING] if proof else []), *([TICKETS_PAID] if decision.terms.reimbursed_until else [])]


def _reasons(decision: Decision) -> list[str]:
    """One sentence: what decided it, where there is a plain word for it."""
    granted = decision.outcome == "granted"
    wanted = "met" if granted else "not_met"
    said = [_plain_of(each, granted=granted) for each in decision.reasons if each["result"] == wanted]
    return [each for each in said if each]


def _plain_of(reason: Mapping[str, str], *, granted: bool) -> str:
    return PLAIN_REASONS.get(reason["rule"], ("", ""))[0 if granted else 1]


def _ways_to_ask(authority: Authority) -> str:
    """By telephone only where the notice names a number."""
    return "Rufen Sie uns an oder schreiben Sie uns." if authority.contact.phone else "Dann schreiben Sie uns bitte."


def _remedy(authority: Authority) -> str:
    if authority.decides_by == "letter" or authority.court is None:
        return "Sind Sie nicht einverstanden? Dann schreiben Sie uns bitte."
    return (
        "Sind Sie nicht einverstanden? Dann können Sie klagen. Sie haben dafür einen Monat Zeit. "
        f"Das Gericht heißt: {authority.court.name}. Haben Sie Fragen? {_ways_to_ask(authority)}"
    )
