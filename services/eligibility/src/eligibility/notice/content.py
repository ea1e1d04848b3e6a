"""What a notice says: plain data, written down with the decision. The press only sets it. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from shared.calendar import day_in_berlin
from shared.formats import format_letter_day
from shared.school_names import everyday_name

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.kept_routes import tested_route
from eligibility.domain.letters import letters_to
from eligibility.domain.submission import PostalAddress
from eligibility.notice import picture
from eligibility.notice.address import full_name
from eligibility.notice.changed import NOTHING, Schools, describe_changes
from eligibility.notice.closing import closing_lines
from eligibility.notice.notice import Notice, Section
from eligibility.notice.sections import EarlierDecision, compose_sections, reference_of
from eligibility.notice.summary import english, plain
from eligibility.rules import texts

LAYOUT = "din-5008-b-3"
"""How it is set (printing.press). What was written down before has none, and is set as it was."""

PLAIN_TITLE = "Kurz und einfach gesagt (verbindlich ist der Text oben)"
ENGLISH_TITLE = "Summary in English (courtesy translation; only the German text is binding)"


def notice_content(
    authority: Authority,
    case: Case,
    decision: Decision,
    earlier: Decision | None = None,
    responsible: str = "",
    *,
    school_before: str = "",
) -> Notice:
    """Everything that the notice shows, in reading order.

    Args:
        earlier: the decision in whose place this one comes.
        responsible: the name of the person who let it out.
        school_before: of `earlier`, where it was another.
    """
    schools = Schools(school_before, everyday_name(case.submission["school_name"]))
    other = describe_changes(decision, earlier, schools) if earlier is not None else NOTHING
    sections = compose_sections(authority, case, decision, EarlierDecision(earlier, school_before, other[0]))
    return compose_notice(authority, case, decision, sections, responsible=responsible, other=other[1])


def compose_notice(
    authority: Authority,
    case: Case,
    decision: Decision,
    sections: Sequence[Section],
    *,
    responsible: str,
    other: str = "",
) -> Notice:
    """A notice of these sections.

    Args:
        other: in English, what is another than in the decision before.
    """
    day = day_in_berlin(decision.released_at or decision.prepared_at)
    reference = reference_of(case, decision)
    route = tested_route(decision.routes)
    person = case.submission["addressee"]
    return {
        "layout": LAYOUT,
        "title": _title(authority, decision),
        "subject": f"Schuljahr {case.school_year}, Antrag vom {texts.day(_berlin(case.submission['applied_at']))[0]}",
        "date": day.isoformat(),
        "date_text": format_letter_day(day, "de"),
        "place": authority.place,
        "authority": {
            "name": authority.name,
            "letterhead": [each for each in authority.letterhead if each != authority.name],
        },
        "information": _information(authority, reference),
        "return_line": " · ".join((authority.name, *authority.letterhead[-2:])),
        "addressee": addressee_of(case, day),
        "salutation": f"Guten Tag {full_name(person)},",
        "sections": [each.content for each in sections],
        "route": picture.drawing_of(route, decision),
        "picture_alt": picture.alt(decision),
        "picture_caption": picture.caption(decision, route),
        "closing": closing_lines(authority, decision, responsible),
        "footer": f"{reference} · Regelsatz {decision.rules_version}" + picture.network(route),
        "plain": {"title": PLAIN_TITLE, "paragraphs": plain(authority, case, decision)},
        "english": {"title": ENGLISH_TITLE, "paragraphs": english(authority, case, decision, other)},
    }


def _information(authority: Authority, reference: str) -> list[tuple[str, str]]:
    contact = authority.contact
    rows = (
        ("Auskunft", contact.person or contact.office),
        ("Telefon", contact.phone),
        ("E-Mail", contact.email),
        ("Aktenzeichen", reference),
    )
    return [(label, value) for label, value in rows if value]


def addressee_of(case: Case, day: date) -> list[str]:
    """Name and address, in lines, as letters of that day go there."""
    return lines_of_address(full_name(case.submission["addressee"]), letters_to(case.submission, day))


def lines_of_address(name: str, address: PostalAddress | None) -> list[str]:
    """As they stand in the window of a letter (DIN 5008)."""
    lines = [name]
    if address is not None:
        lines += [
            address.get("flat") or "",
            f"{address['street']} {address['house_number']}".strip(),
            f"{address['postal_code']} {address['city']}".strip(),
        ]
    return [each for each in lines if each]


def _title(authority: Authority, decision: Decision) -> str:
    if decision.terms.self_payer:
        return "Bestätigung Ihrer Ticketbestellung"
    kind = "Bescheid" if authority.decides_by == "administrative_act" else "Mitteilung"
    if decision.terms.ends is not None and decision.outcome == "refused":
        return f"{kind} über das Ende der Übernahme von Schülerfahrkosten"
    return f"{kind} über die Übernahme von Schülerfahrkosten"


def _berlin(moment: str) -> date:
    return day_in_berlin(datetime.fromisoformat(moment))
