"""Who may use which operation of the public process, a line each. Whose a ticket is, is asked in the query afterwards;
`missing` is what is said of those that are not there and of those that are another operator's or authority's."""

from shared.identity import Policy, open_to_all, with_token

from issuance.api.lists import NO_LIST
from issuance.api.pages import NO_FILE
from issuance.api.tickets import STEPS
from issuance.workflow.inspection.requests import NO_REQUEST, NOT_THERE, STAFF, WORKERS

_LISTS = ("", "/{shard}", "/{shard}/snapshot", "/{shard}/deltas")

INTERFACE: Policy = {
    "GET /v1/tickets": with_token(*STAFF),
    "GET /v1/tickets/{number}": with_token(*STAFF, missing=NOT_THERE),
    "GET /v1/tickets/{number}/requests/{request_id}": with_token(*STAFF, missing=NO_REQUEST),
    **{f"POST /v1/tickets/{{number}}/{step}": with_token(*WORKERS, missing=NOT_THERE) for step in STEPS},
    "POST /v1/inspections": with_token("inspector"),
    "GET /v1/inspections/report": with_token("operator"),
    "GET /v1/inspections/report.csv": with_token("operator"),
    "POST /v1/verifications": open_to_all(),
    # a scanner needs no account to be right
    "GET /v1/trust-list": open_to_all(missing=NO_LIST),
    "GET /v1/audit-heads": open_to_all(),
    "GET /v1/certificates": open_to_all(),
    "GET /v1/issued-lists": open_to_all(),
    "GET /v1/issued-lists/{part}": open_to_all(missing=NO_LIST),
    **{f"GET /{version}/status-lists{one}": open_to_all(missing=NO_LIST) for version in ("v1", "v2") for one in _LISTS},
    "GET /scan": open_to_all(),
    "HEAD /scan": open_to_all(),
    "GET /scan/settings.json": open_to_all(),
    "GET /scan/service-worker.js": open_to_all(),
    "HEAD /scan/service-worker.js": open_to_all(),
    "GET /scan/static/{path:path}": open_to_all(missing=NO_FILE),
    "HEAD /scan/static/{path:path}": open_to_all(missing=NO_FILE),
}
