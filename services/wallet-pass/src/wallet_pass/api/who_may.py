"""Who may use which operation of this service, a line each. A pass belongs to who knows its address; a phone shows the
token that lies in the pass."""

from shared.identity import Policy, open_to_all, with_link, with_token

from wallet_pass.workflow import NO_SUCH_PASS
from wallet_pass.workflow.designs import NO_DESIGN
from wallet_pass.workflow.sheets import NO_CARDS

_PASS, _DESIGN = "/v1/passes/{token}", "/v1/passes/design/{authority_id}"
_REGISTRATIONS = "/devices/{device_id}/registrations/{pass_type}"
_FILES = ("", "/pass.pkpass", "/ticket.png", "/ticket-qr.png", "/ticket-qr-paper.png", "/ticket.pdf", "/card.pdf",
          "/google.json", "/google.jwt")  # fmt: skip
_TOGETHER = ("", "/passes.pkpasses")
_LINK = with_link(missing=NO_SUCH_PASS, works_as="pass_link")
_PHONE = with_link(works_as="phone")

INTERFACE: Policy = {
    **{f"{method} {_PASS}{file}": _LINK for method in ("GET", "HEAD") for file in _FILES},
    "POST /v1/passes/sheets": with_token("case_worker", missing=NO_CARDS),
    **{f"{method} /v1/passes/together/{{tokens}}{file}": _LINK for method in ("GET", "HEAD") for file in _TOGETHER},
    "GET /v1/designs/{of}": with_token("administrator", "case_worker", "releaser", missing=NO_DESIGN),
    **{
        f"{method} /v1/designs/{{of}}{path}": with_token("administrator", missing=NO_DESIGN)
        for path in ("", "/pictures/{kind}")
        for method in ("PUT", "DELETE")
    },
    f"GET {_DESIGN}/colours.css": open_to_all(),
    f"GET {_DESIGN}/logo.png": open_to_all(),
    "POST /v1/passes/google/callbacks": open_to_all(missing=NO_SUCH_PASS, works_as="google_callback"),
    "GET /v1/passes/static/{path:path}": open_to_all(missing=NO_SUCH_PASS),
    "HEAD /v1/passes/static/{path:path}": open_to_all(missing=NO_SUCH_PASS),
    **{
        f"{method} /apple{root}{path}": line
        for root in ("/v1", "//v1")
        for method, path, line in (
            ("POST", f"{_REGISTRATIONS}/{{serial_number}}", _PHONE),
            ("DELETE", f"{_REGISTRATIONS}/{{serial_number}}", _PHONE),
            ("GET", _REGISTRATIONS, _PHONE),
            ("GET", "/passes/{pass_type}/{serial_number}", _PHONE),
            ("POST", "/log", open_to_all()),
        )
    },
}
