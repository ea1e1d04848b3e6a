"""What stands on the front and the back of a pass, and where (docs/sources/wallets.md, 1.2)."""

from typing import Any

from shared.errors import Text

from wallet_pass import wording
from wallet_pass.domain.designs import UPPER_ROW, Design, FrontField
from wallet_pass.domain.passes import Pass, State

Document = dict[str, Any]
CALLED_OUT = frozenset({State.VALID, State.NOT_YET_VALID, State.SUSPENDED, State.REVOKED})
"""A phone calls its owner for these; that a time is over, it knows by itself."""


def fields(wallet_pass: Pass, design: Design, state: State, public_url: str) -> Document:
    """The fields in German.

    Only the header is seen while passes lie in a stack; a watch shows header, primary and the fields beneath, and the
    code. So the state of a ticket that is not good now stands in the header and, in words, in the primary field, and no
    end of validity beside it.

    `status` is on the back at all times: a phone tells of a change only in a field that it knew before.
    """
    return {
        "headerFields": [_header(wallet_pass, state)],
        "primaryFields": [_primary(wallet_pass, state)],
        "secondaryFields": _secondary(wallet_pass, design, state),
        "auxiliaryFields": _auxiliary(wallet_pass, design, state),
        "backFields": _back(wallet_pass, design, state, public_url),
    }


def _header(wallet_pass: Pass, state: State) -> Document:
    line = wording.header(wallet_pass, state)
    if state is State.VALID:
        return _field("valid_until", line.label, line.value.de) | {"changeMessage": wording.VALID_UNTIL_CHANGED.de}
    return _field("begins" if state is State.NOT_YET_VALID else "void", line.label, line.value.de)


def _primary(wallet_pass: Pass, state: State) -> Document:
    line = wording.headline(wallet_pass, state)
    if line is None:
        return _name(wallet_pass)
    return _field("state", line.label, line.value.de)


def _secondary(wallet_pass: Pass, design: Design, state: State) -> list[Document]:
    if state is State.VALID:
        return [_chosen(name, wallet_pass, design) for name in design.front[:UPPER_ROW]]
    return [_name(wallet_pass), _chosen(FrontField.BIRTH_DATE, wallet_pass, design)]


def _auxiliary(wallet_pass: Pass, design: Design, state: State) -> list[Document]:
    """Whose time is not now has its days; who is suspended or revoked has none that anybody could take for good."""
    number = _chosen(FrontField.NUMBER, wallet_pass, design)
    match state:
        case State.VALID:
            return [_chosen(name, wallet_pass, design) for name in design.front[UPPER_ROW:]]
        case State.NOT_YET_VALID:
            return [_chosen(FrontField.VALIDITY, wallet_pass, design)]
        case State.EXPIRED:
            return [_field("ended", wording.WAS_VALID_UNTIL, wording.last_day(wallet_pass)), number]
        case State.SUSPENDED | State.REVOKED:
            return [number]


def _chosen(name: FrontField, wallet_pass: Pass, design: Design) -> Document:
    ticket = wallet_pass.ticket
    match name:
        case FrontField.TICKET:
            return _field(name, wording.TICKET, wording.product_name(ticket.product).de)
        case FrontField.BIRTH_DATE:
            return _field(name, wording.BIRTH_DATE, wording.inspectors_date(ticket.birth_date))
        case FrontField.VALIDITY:
            return _field(name, wording.VALIDITY, wording.validity(wallet_pass))
        case FrontField.DOCUMENT:
            return _field(name, wording.ONLY_WITH, design.document.de)
        case FrontField.NUMBER:
            return _field("number_in_front", wording.NUMBER, str(ticket.number))


def _back(wallet_pass: Pass, design: Design, state: State, public_url: str) -> list[Document]:
    ticket, shown = wallet_pass.ticket, wording.state_wording(state)
    status = _field("status", wording.STATUS, shown.status.de)
    if state in CALLED_OUT:
        status["changeMessage"] = wording.STATUS_CHANGED.de
    return [
        _field("checking", wording.CHECKING, wording.hint(design, state).de),
        status,
        *_early_end(wallet_pass),
        *(_field(f"help_{place}", one.label, one.answer.de) for place, one in enumerate(design.help)),
        _field("number", wording.NUMBER, str(ticket.number)),
        _field("issuer", wording.ISSUER, design.issuer.de),
        _field("organisation", wording.ORGANISATION, str(ticket.organisation_id)),
        _field("page", wording.PAGE, f"{public_url.rstrip('/')}/v1/passes/{wallet_pass.token}"),
    ]


def _name(wallet_pass: Pass) -> Document:
    return _field("name", wording.HOLDER, wallet_pass.ticket.name)


def _early_end(wallet_pass: Pass) -> list[Document]:
    """With its days, so that it is in German alone: the file of translations is of the authority, not of a pass."""
    said = wording.early_end(wallet_pass, "de")
    return [_field("early_end", wording.ENDS_EARLY, said)] if said else []


def _field(key: str, label: Text, value: str) -> Document:
    return {"key": key, "label": label.de, "value": value}
