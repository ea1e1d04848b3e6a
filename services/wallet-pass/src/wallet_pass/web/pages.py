"""Makes the pages out of templates. Everything that comes from a family is escaped by Jinja."""

from datetime import datetime
from typing import Any

from shared.errors import Language
from shared.formats import format_day
from shared.http.templates import Templates

from wallet_pass import wording
from wallet_pass.domain.passes import State
from wallet_pass.web.words import STATES, words
from wallet_pass.workflow import StoredPass

GOOGLE_SAVE = "https://pay.google.com/gp/v/save/"
ENDING_MATTERS = (State.VALID, State.NOT_YET_VALID, State.SUSPENDED)
_TEMPLATES = Templates("wallet_pass.web")


def pass_page(kept: StoredPass, now: datetime, language: Language, *, google_token: str | None, is_test: bool) -> str:
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
        google_link=None if google_token is None else GOOGLE_SAVE + google_token,
        is_test=is_test,
    )


def not_found_page(language: Language) -> str:
    """For a link that leads nowhere: says what to do, and nothing about why."""
    return _render("not_found.html", language, token=None)


def design_sheet(background: str, foreground: str, label: str) -> str:
    """The authority's colours; a style sheet of its own, because the page allows no style inside."""
    return f":root {{ --pass-background: {background}; --pass-foreground: {foreground}; --pass-label: {label}; }}\n"


def _render(template: str, language: Language, **values: Any) -> str:
    return _TEMPLATES.render(template, language, words=words(language), **values)
