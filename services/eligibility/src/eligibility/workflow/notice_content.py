"""What a notice says: plain data, written down with the decision. The press only sets it.

German law: §§ 37, 39 VwVfG NRW (form and reasons), § 58 VwGO (instruction on legal remedies: without it the
month becomes a year), § 110 JustG NRW (no objection procedure), § 97 SchulG NRW and SchfkVO.
"""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from eligibility.domain import Authority, Case, Decision
from eligibility.rules import texts

BERLIN = ZoneInfo("Europe/Berlin")
MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()  # noqa: SIM905
FLOW = ("note", "met", "not_met")
CITED = re.compile(r"(?<=§) |(?<=Abs\.) |(?<=Satz) (?=\d)|(?<=Nr\.) |(?<=Art\.) |(?<=\d) (?=Abs\.|Satz|Nr\.|m\b|Euro)")


def notice_content(authority: Authority, case: Case, decision: Decision) -> dict[str, Any]:
    """Everything that the notice shows, in reading order."""
    day = (decision.released_at or decision.prepared_at).astimezone(BERLIN).date()
    reference = f"{case.school_year} / {str(decision.id)[:8].upper()}"
    route = decision.ways.get("nearest") or decision.ways.get("attended")
    person = case.submission["addressee"]
    return {
        "title": "Bescheid über die Übernahme von Schülerfahrkosten",
        "subject": f"Schuljahr {case.school_year}, Antrag vom {_day(_berlin(case.submission['applied_at']))}",
        "date": day.isoformat(),
        "date_text": f"{day.day}. {MONTHS[day.month - 1]} {day.year}",
        "place": authority.place,
        "authority": {
            "name": authority.name,
            "letterhead": [each for each in authority.letterhead if each != authority.name],
        },
        "information": _information(authority, reference),
        "return_line": " · ".join((authority.name, *authority.letterhead[-2:])),
        "addressee": _addressee(case),
        "salutation": f"Guten Tag {name(person)},",
        "sections": _sections(authority, case, decision, route),
        "route": {"geometry": route["geometry"]} if route else None,
        "picture_alt": _picture_alt(decision),
        "picture_caption": _caption(decision, route),
        "closing": _closing(authority, decision),
        "footer": f"{reference} · Regelsatz {decision.rules_version}" + _network(route),
        "english": {
            "title": "Summary in English (courtesy translation; only the German text is binding)",
            "paragraphs": _english(authority, case, decision),
        },
    }


def name(person: dict[str, str]) -> str:
    return f"{person['first_name']} {person['last_name']}".strip()


def _information(authority: Authority, reference: str) -> list[tuple[str, str]]:
    contact = authority.contact
    rows = (
        ("Auskunft", contact.person or contact.office),
        ("Telefon", contact.phone),
        ("E-Mail", contact.email),
        ("Aktenzeichen", reference),
    )
    return [(label, value) for label, value in rows if value]


def _addressee(case: Case) -> list[str]:
    address = case.submission["addressee_address"]
    return [
        name(case.submission["addressee"]),
        f"{address['street']} {address['house_number']}".strip(),
        f"{address['postal_code']} {address['city']}".strip(),
    ]


def _sections(
    authority: Authority, case: Case, decision: Decision, route: dict[str, Any] | None
) -> list[dict[str, Any]]:
    sections = [_operative_part(case, decision)]
    if decision.outcome == "granted":
        sections.append(_own_share(decision))
    sections.append(_reasons(decision, route))
    if decision.outcome == "granted":
        sections.append(_conditions())
    return [*sections, _remedies(authority), _data_protection(authority)]


def _operative_part(case: Case, decision: Decision) -> dict[str, Any]:
    child = name(case.submission["child"])
    born = _day(date.fromisoformat(case.submission["birth_date"]))
    school = case.submission["school_name"]
    grade = case.submission["grade"].lstrip("0")
    if decision.outcome == "granted" and decision.valid_from and decision.valid_until:
        german = (
            f"Für {child}, geboren am {born}, werden die notwendigen Schülerfahrkosten "
            f"vom {_day(decision.valid_from)} bis zum {_day(decision.valid_until)} übernommen."
        )
        more = "Die Übernahme geschieht durch ein Ticket. Sie erhalten es gesondert."
    else:
        german = f"Der Antrag auf Übernahme der Schülerfahrkosten für {child}, geboren am {born}, wird abgelehnt."
        more = "Ein Ticket kann auf eigene Kosten erworben werden, soweit das Verkehrsunternehmen es anbietet."
    where = f"Betroffen ist der Besuch dieser Schule: {school}" + (f", Klasse {grade}." if grade else ".")
    return {"title": "Entscheidung", "paragraphs": [{"text": german, "strong": True}, {"text": f"{where} {more}"}]}


def _own_share(decision: Decision) -> dict[str, Any]:
    cents = decision.own_share_cents or 0
    if cents == 0:
        text = "Ein Eigenanteil wird nicht erhoben."
    else:
        text = f"Für die Dauer der Übernahme wird ein Eigenanteil von {texts.euros(cents)[0]} im Monat festgesetzt."
    basis = next((each["legal_basis"] for each in decision.reasons if each["rule"] == "own_share"), "")
    said = f" ({basis})" if basis else ""
    return {"title": "Eigenanteil", "paragraphs": [{"text": unbroken(text.rstrip(".") + f"{said}.")}]}


def _reasons(decision: Decision, route: dict[str, Any] | None) -> dict[str, Any]:
    """In the order a person asks: what decided first where it was refused, else as the law goes."""
    said = [each for each in decision.reasons if each["result"] in FLOW]
    if decision.outcome == "refused":
        said.sort(key=lambda each: each["result"] != "not_met")
    figures = []
    nearest = decision.ways.get("nearest")
    if decision.distance_m is not None:
        to = f" zur nächstgelegenen Schule ({nearest['school_name']})" if nearest else ""
        figures.append((f"Kürzester Fußweg{to}", texts.metres(decision.distance_m, decision.limit_m)[0]))
    if nearest:
        figures.append(("Kürzester Fußweg zur besuchten Schule", texts.metres(decision.ways["attended"]["metres"])[0]))
    if decision.limit_m is not None:
        figures.append(("Entfernungsgrenze (der Weg muss länger sein)", texts.limit(decision.limit_m)[0]))
    return {
        "title": "Begründung",
        "paragraphs": [],
        "figures_title": ("Schulweg", "Länge"),
        "figures": figures,
        "reasons": [{"text": unbroken(each["text"]), "legal_basis": unbroken(each["legal_basis"])} for each in said],
        "picture": route is not None,
    }


def _conditions() -> dict[str, Any]:
    texts_ = (
        "Die Übernahme endet vorzeitig, wenn die Schule oder der Bildungsgang gewechselt oder verlassen wird oder sich der "
        "Wohnort ändert (auflösende Bedingung, § 36 Abs. 2 Nr. 2 VwVfG NRW).",
        "Bitte teilen Sie uns solche Änderungen und das Ende der Förderung eines Geschwisterkindes unverzüglich mit. "
        "Das Ticket ist dann nicht mehr zu verwenden.",
        "Für das nächste Schuljahr ist ein neuer Antrag nötig, wenn wir Ihnen nichts anderes mitteilen (§ 4 SchfkVO).",
    )
    return {"title": "Nebenbestimmungen und Hinweise", "paragraphs": [{"text": unbroken(each)} for each in texts_]}


def _remedies(authority: Authority) -> dict[str, Any]:
    """Names remedy, court, its seat and the period, and nothing that would narrow the form (§ 58 Abs. 1 VwGO)."""
    court = authority.court
    text = (
        f"Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Klage erhoben werden. "
        f"Die Klage ist beim {court.name}, {court.address}, zu erheben."
    )
    return {"title": "Rechtsbehelfsbelehrung", "paragraphs": [{"text": text}]}


def _data_protection(authority: Authority) -> dict[str, Any]:
    text = (
        "Ihre Angaben werden auf Grundlage von Art. 6 Abs. 1 Buchst. e und Abs. 3 DSGVO, § 3 DSG NRW und § 97 SchulG NRW verarbeitet. "
        f"Welche Rechte Sie haben und wie lange Daten aufbewahrt werden, steht unter {authority.data_protection_url}."
    )
    return {"title": "Datenschutz", "paragraphs": [{"text": unbroken(text)}]}


def _closing(authority: Authority, decision: Decision) -> str:
    if decision.released_by == "rules":
        return (
            f"{authority.name}. Dieser Bescheid wurde mit Hilfe automatischer Einrichtungen erlassen und ist ohne Unterschrift gültig "
            "(§ 37 Abs. 5 VwVfG NRW)."
        )
    return f"Im Auftrag\n{authority.contact.person or authority.contact.office}"


def _picture_alt(decision: Decision) -> str:
    length = texts.metres(decision.distance_m, decision.limit_m)[0] if decision.distance_m is not None else ""
    return f"Skizze des gemessenen Fußwegs von der Wohnung zur Schule, Länge {length}."


def _caption(decision: Decision, route: dict[str, Any] | None) -> str:
    network = (route or {}).get("network", {})
    source = str(network.get("attribution") or "© OpenStreetMap-Mitwirkende, ODbL")
    stand = map_date(network)
    to = " zur nächstgelegenen Schule" if "nearest" in decision.ways else ""
    return f"Gemessener Fußweg{to}, Norden ist oben. Kartendaten: {source}" + (f", Stand {stand}" if stand else "")


def _network(route: dict[str, Any] | None) -> str:
    graph = (route or {}).get("network", {}).get("graph", {})
    return f" · Wegenetz {str(graph['sha256'])[:16]}" if "sha256" in graph else ""


def _english(authority: Authority, case: Case, decision: Decision) -> list[str]:
    child = name(case.submission["child"])
    if decision.outcome == "granted" and decision.valid_from and decision.valid_until:
        first, last = texts.day(decision.valid_from)[1], texts.day(decision.valid_until)[1]
        share = decision.own_share_cents or 0
        own = f"The own share is {texts.euros(share)[1]} a month." if share else "No own share is to be paid."
        opening = f"The costs of travel to school for {child} are borne from {first} to {last}. {own} The ticket is sent separately."
    else:
        opening = f"The application to bear the costs of travel to school for {child} is refused."
    reasons = " ".join(
        each["text_en"] for each in decision.reasons if each["result"] in FLOW and each["rule"] != "measurement"
    )
    court = authority.court
    remedy = (
        f"You may bring an action before the court {court.name}, {court.address}, within one month of being notified."
    )
    return [opening, reasons, remedy]


def unbroken(text: str) -> str:
    """A paragraph sign stays with its number, and a number with its unit, on one line."""
    return CITED.sub("\N{NO-BREAK SPACE}", text)


def map_date(network: dict[str, Any]) -> str:
    """The day of the map data, as the network says it."""
    written = str(network.get("date") or "")[:10]
    try:
        return _day(date.fromisoformat(written))
    except ValueError:
        return written


def _day(value: date) -> str:
    return texts.day(value)[0]


def _berlin(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(BERLIN).date()
