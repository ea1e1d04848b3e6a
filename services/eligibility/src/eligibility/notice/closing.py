"""Who answers for a notice. Pure."""

from eligibility.domain.authority import Authority
from eligibility.domain.decision import Decision

BY_MACHINE = (
    "Dieser Bescheid wurde durch automatische Einrichtungen erlassen (§ 35a VwVfG NRW). Er ist ohne Unterschrift gültig "
    "(§ 37 Abs. 5 VwVfG NRW)."
)


def closing_lines(authority: Authority, decision: Decision, responsible: str) -> str:
    """Who answers for it. § 37 Abs. 3 VwVfG NRW: an act bears the name of the head, the deputy or whoever was entrusted;
    one by automatic means may do without (Abs. 5), but a family shall know whom to ask."""
    contact = authority.contact
    if decision.terms.self_payer:
        return f"{authority.name}. Diese Bestätigung wurde automatisch erstellt."
    if authority.decides_by == "letter":
        return f"Mit freundlichen Grüßen\n{responsible or contact.person or contact.office}"
    if decision.released_by == "rules":
        named = f"\nVerantwortlich: {contact.person}" if contact.person else ""
        return f"{authority.name}, {contact.office}{named}\n{BY_MACHINE}"
    return f"Im Auftrag\n{responsible or contact.person or contact.office}"
