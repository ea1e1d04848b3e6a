"""Who may use which operation of this service, a line each. A pass belongs to who knows its address; a phone shows the
token that lies in the pass."""

from shared.identity import Policy, open_to_all, with_link

from wallet_pass.workflow import NO_SUCH_PASS

_PASS, _DESIGN = "/v1/passes/{token}", "/v1/passes/design/{authority_id}"
_LINK = with_link(missing=NO_SUCH_PASS)

INTERFACE: Policy = {
    f"GET {_PASS}": _LINK,
    f"GET {_PASS}/pass.pkpass": _LINK,
    f"GET {_PASS}/ticket.png": _LINK,
    f"GET {_PASS}/ticket-qr.png": _LINK,
    f"GET {_PASS}/ticket-qr-paper.png": _LINK,
    f"GET {_PASS}/google.json": _LINK,
    f"GET {_PASS}/google.jwt": _LINK,
    f"GET {_DESIGN}/colours.css": open_to_all(),
    f"GET {_DESIGN}/logo.png": open_to_all(),
    "GET /v1/passes/static/{path:path}": open_to_all(missing=NO_SUCH_PASS),
    "HEAD /v1/passes/static/{path:path}": open_to_all(missing=NO_SUCH_PASS),
    "GET /apple/v1/passes/{pass_type}/{serial_number}": with_link(),
    "GET /apple//v1/passes/{pass_type}/{serial_number}": with_link(),
}
