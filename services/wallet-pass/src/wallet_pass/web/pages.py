"""Makes the pages out of templates. Everything that comes from a family is escaped by Jinja."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.calendar import in_berlin
from shared.errors import Language
from shared.formats import format_day
from shared.http.templates import Templates

from wallet_pass import wording
from wallet_pass.domain.passes import Pass, State
from wallet_pass.web.phones import Phone
from wallet_pass.web.words import STATES, WORDS, words
from wallet_pass.workflow import StoredPass

GOOGLE_SAVE = "https://pay.google.com/gp/v/save/"
ENDING_MATTERS = (State.VALID, State.NOT_YET_VALID, State.SUSPENDED)
_TEMPLATES = Templates("wallet_pass.web")


def pass_page(
    kept: StoredPass, now: datetime, language: Language, *, google_token: str | None, is_test: bool, phone: Phone
) -> str:
    """The page of one pass. Its links are relative to /v1/passes/, so that it works behind any prefix."""
    wallet_pass, ticket = kept.wallet_pass, kept.wallet_pass.ticket
    state = wallet_pass.state(now)
    colour, badge, meaning = STATES[state]
    days = {
        "first_day": format_day(ticket.first_day, language),
        "last_day": wording.with_hour(format_day(ticket.last_day, language), ticket.ends_at)
        if wallet_pass.early_end is None
        else format_day(wallet_pass.early_end, language),
    }
    return _render(
        "pass.html",
        language,
        token=wallet_pass.token,
        authority_id=ticket.authority_id,
        organisation_id=ticket.organisation_id,
        issuer=kept.design.issuer.in_language(language),
        product=wording.product_name(ticket.product).in_language(language),
        name=ticket.name,
        number=ticket.number,
        birth_date=wording.inspectors_date(ticket.birth_date),
        valid_from=wording.inspectors_date(ticket.first_day),
        valid_until=wording.inspectors_end(ticket),
        colour=colour,
        badge=badge.in_language(language),
        meaning=meaning.in_language(language).format(**days),
        ends=wording.last_day(wallet_pass) if wallet_pass.early_end else "",
        early_end=wording.early_end(wallet_pass, language) if state in ENDING_MATTERS else "",
        usable=state in (State.VALID, State.NOT_YET_VALID),
        google_links=[] if google_token is None else [GOOGLE_SAVE + google_token],
        inspection=wording.with_document(kept.design, WORDS["inspection"], WORDS["inspection_with"]).in_language(
            language
        ),
        is_test=is_test,
        phone=phone,
        keeps=phone is not Phone.OTHER,
        checked=format_moment(now, language),
    )


def together_page(
    kept: Sequence[StoredPass], now: datetime, language: Language, *, tokens: str, phone: Phone,
    google_tokens: Sequence[str], is_test: bool,
) -> str:  # fmt: skip
    """The page of several tickets.

    Args:
        tokens: the last part of its address.
        google_tokens: of the save links, each for as many as fit.
    """
    states = [each.wallet_pass.state(now) for each in kept]
    tickets = [
        {
            "token": each.wallet_pass.token,
            "name": each.wallet_pass.ticket.name,
            "colour": STATES[state][0],
            "badge": STATES[state][1].in_language(language),
            "validity": _validity(each.wallet_pass, state, language),
        }
        for each, state in zip(kept, states, strict=True)
    ]
    return _render(
        "together.html",
        language,
        root="../",
        tokens=tokens,
        tickets=tickets,
        usable=any(state in (State.VALID, State.NOT_YET_VALID) for state in states),
        phone=phone,
        google_links=[GOOGLE_SAVE + each for each in google_tokens],
        is_test=is_test,
    )


def _validity(wallet_pass: Pass, state: State, language: Language) -> str:
    """In one line; nothing beside a suspended or revoked ticket that somebody could take for good (decision 114)."""
    if state in (State.SUSPENDED, State.REVOKED):
        return ""
    label = wording.WAS_VALID_UNTIL if state is State.EXPIRED else wording.VALID_UNTIL
    begins = f"{wording.VALID_FROM.in_language(language)} {wording.inspectors_date(wallet_pass.ticket.first_day)}, "
    ends = f"{label.in_language(language)} {wording.last_day(wallet_pass)}"
    return begins + ends[0].lower() + ends[1:] if state is State.NOT_YET_VALID else ends


def format_moment(moment: datetime, language: Language) -> str:
    """Day and minute in Germany, as the page says when it was made."""
    local = in_berlin(moment)
    at = "Uhr" if language == "de" else ""
    return f"{format_day(local.date(), language)}, {local:%H:%M} {at}".rstrip()


def not_found_page(language: Language, root: str = "") -> str:
    """For a link that leads nowhere: says what to do, and nothing about why.

    Args:
        root: from the page to where all pages lie.
    """
    return _render("not_found.html", language, root=root, token=None)


def design_sheet(background: str, foreground: str, label: str) -> str:
    """The authority's colours; a style sheet of its own, because the page allows no style inside."""
    return f":root {{ --pass-background: {background}; --pass-foreground: {foreground}; --pass-label: {label}; }}\n"


def _render(template: str, language: Language, root: str = "", **values: Any) -> str:
    return _TEMPLATES.render(template, language, words=words(language), root=root, **values)
