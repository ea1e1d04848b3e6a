"""The notice of a decision on the own share alone: the grant before it goes on. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from shared.calendar import day_in_berlin

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.notice.address import address_of
from eligibility.notice.content import compose_notice
from eligibility.notice.notice import Notice, Paragraph, Section, SectionKind
from eligibility.notice.sections import NOTHING_BEFORE, compose_sections, unbroken
from eligibility.notice.summary import english_reason, english_remedy, is_said, plain_remedy
from eligibility.notice.terms import english_changes, from_then
from eligibility.rules import texts

OWN = frozenset({"own_share", "family"})
"""Reasons that carry the own share."""
OF_A_SHARE = frozenset(
    {SectionKind.OPERATIVE_PART, SectionKind.REASONS, SectionKind.REMEDIES, SectionKind.DATA_PROTECTION}
)
"""Sections of a grant's notice that this one has too; the others are the grant's."""
STAYS = {
    "administrative_act": "Im Übrigen bleibt die Bewilligung vom {then} unverändert. Das Ticket gilt weiter.",
    "letter": "Sonst bleibt es bei unserer Mitteilung vom {then}. Das Ticket gilt weiter.",
}
SET = {
    "administrative_act": "Für {child}, geboren {born}, wird der Eigenanteil ab dem {first} auf {euros} im Monat "
    "festgesetzt.",
    "letter": "Für {child}, geboren {born}, beträgt der Eigenanteil ab dem {first} {euros} im Monat.",
}
NONE = {
    "administrative_act": "Für {child}, geboren {born}, wird ab dem {first} kein Eigenanteil mehr erhoben.",
    "letter": "Für {child}, geboren {born}, ist ab dem {first} kein Eigenanteil mehr zu zahlen.",
}


def share_notice(
    authority: Authority, case: Case, decision: Decision, grant: Decision, responsible: str = ""
) -> Notice:
    """What is paid from when and why; remedies and data protection as in every notice.

    Args:
        grant: what goes on.
    """
    only = tuple(each for each in decision.reasons if each["rule"] in OWN)
    german, english = _sentences(authority, case, decision, grant)
    bare = _without_way(decision, only)
    sections = [
        _saying(german, each) if each.kind is SectionKind.OPERATIVE_PART else each
        for each in compose_sections(authority, case, bare, NOTHING_BEFORE)
        if each.kind in OF_A_SHARE
    ]
    whole = compose_notice(authority, case, bare, sections, responsible=responsible)
    return {
        **whole,
        "title": f"{'Bescheid' if authority.decides_by == 'administrative_act' else 'Mitteilung'} über den Eigenanteil",
        "plain": {**whole["plain"], "paragraphs": [_plain(case, decision), plain_remedy(authority)]},
        "english": {**whole["english"], "paragraphs": [english, english_remedy(authority)]},
    }


def _saying(german: Sequence[str], section: Section) -> Section:
    """This section with these paragraphs, the first of them as the decision itself."""
    paragraphs: list[Paragraph] = [{"text": german[0], "strong": True}, *(Paragraph(text=each) for each in german[1:])]
    return replace(section, content={"title": section.content["title"], "paragraphs": paragraphs})


def _without_way(decision: Decision, reasons: tuple[dict[str, str], ...]) -> Decision:
    terms = replace(decision.terms, without_ticket_until=None, reimbursed_until=None)  # the grant said that
    return replace(decision, reasons=reasons, routes={}, distance_m=None, limit_m=None, terms=terms)


def _sentences(authority: Authority, case: Case, decision: Decision, grant: Decision) -> tuple[list[str], str]:
    first, cents = decision.terms.share_from or date.min, decision.own_share_cents or 0
    address = address_of(case, day_in_berlin(decision.released_at or decision.prepared_at))
    child, born = address.named, texts.born(case.submission["birth_date"])
    then = texts.day(day_in_berlin(grant.released_at or grant.prepared_at))
    (day, day_en), (euros, euros_en) = texts.day(first), texts.euros(cents)
    form = (SET if cents else NONE)[authority.decides_by]
    german = [
        form.format(child=child, born=born[0], first=day, euros=euros),
        *(from_then(each) for each in decision.terms.own_share_changes),
        STAYS[authority.decides_by].format(then=then[0]),
    ]
    more = english_changes(decision.terms)
    whose = "your own share" if address.to_pupil else f"the own share for {address.english}"
    own = f"From {day_en} {whose} is {euros_en} a month." if cents else f"From {day_en} no own share is to be paid."
    english = f"{own}{more} The grant of {then[1]} goes on, and so does the ticket."
    why = " ".join(
        english_reason(each) for each in decision.reasons if each["rule"] in OWN and not is_said(each, decision)
    )
    return [unbroken(each) for each in german], f"{english} {why}".strip()


def _plain(case: Case, decision: Decision) -> str:
    address = address_of(case, day_in_berlin(decision.released_at or decision.prepared_at))
    child = case.submission["child"]["first_name"] or case.submission["child"]["last_name"]
    who = "Sie können" if address.to_pupil else f"{child} kann"
    first, cents = decision.terms.share_from or date.min, decision.own_share_cents or 0
    pay = f"zahlen Sie {texts.euros(cents)[0]} im Monat" if cents else "müssen Sie nichts bezahlen"
    return f"Ab dem {texts.day(first)[0]} {pay}. {who} das Ticket weiter benutzen."


__all__ = ["share_notice"]
