"""Who may use which operation of this service, a line each. Whose a case, a rule set or a school is, is asked in the
query afterwards; `missing` is what is said of those that are not there and of those that are another authority's."""

from shared.identity import OF_AUTHORITY, Policy, open_to_all, with_link, with_session, with_token

from eligibility.api.pages.pages import NO_PAGE
from eligibility.workflow.access import NOTHING_HERE as NO_CASE
from eligibility.workflow.access import READERS
from eligibility.workflow.delivery.letters import NO_LETTER
from eligibility.workflow.desk.handling import WORKERS
from eligibility.workflow.desk.map_desk import NOTHING_HERE as NO_PLACE
from eligibility.workflow.desk.map_desk import READERS as MAP_READERS
from eligibility.workflow.desk.map_desk import WRITERS as MAP_WRITERS
from eligibility.workflow.desk.notices import NO_NOTICE
from eligibility.workflow.renewal.renewals import NOTHING_HERE as NO_AUTHORITY
from eligibility.workflow.rule_sets.own_form_desk import NOTHING_HERE as NO_FORM
from eligibility.workflow.rule_sets.rule_set_versions import NOTHING_HERE as NO_RULE_SET
from eligibility.workflow.rule_sets.rule_set_versions import READERS as RULE_READERS

DECIDER, ADMINISTRATOR = "case_worker", "administrator"
_CASE, _AUTHORITY = "/v1/cases/{case_id}", "/v1/authorities/{authority_id}"
_RULE_SET, _DESK_CASE = f"{_AUTHORITY}/rule-sets/{{rule_set_id}}", "/desk/cases/{case_id}"
_OWN_FORM = f"{_AUTHORITY}/own-forms/{{form_id}}"
_DESK_FORM = "/desk/own-forms/{form_id}"
_DESK_RULE_SET = "/desk/rule-sets/{rule_set_id}"

INTERFACE: Policy = {
    # cases
    "GET /v1/cases": with_token(*READERS),
    "GET /v1/cases/counts": with_token(*READERS),
    "POST /v1/cases/release": with_token(*WORKERS),
    f"GET {_CASE}": with_token(*READERS, missing=NO_CASE),
    f"POST {_CASE}/release": with_token(*WORKERS, missing=NO_CASE),
    f"POST {_CASE}/decision": with_token(DECIDER, missing=NO_CASE),
    f"POST {_CASE}/assignment": with_token(*WORKERS, missing=NO_CASE),
    f"DELETE {_CASE}/assignment": with_token(*READERS, missing=NO_CASE),
    f"POST {_CASE}/questions": with_token(DECIDER, missing=NO_CASE),
    f"POST {_CASE}/override": with_token(DECIDER, missing=NO_CASE),
    f"POST {_CASE}/override/confirmation": with_token(*WORKERS, missing=NO_CASE),
    f"DELETE {_CASE}/override": with_token(*WORKERS, missing=NO_CASE),
    f"POST {_CASE}/messages/read": with_token(*WORKERS, missing=NO_CASE),
    f"POST {_CASE}/attendance/evidence": with_token(DECIDER, missing=NO_CASE),
    f"POST {_CASE}/attendance/looked-at": with_token(*WORKERS, missing=NO_CASE),
    f"POST {_CASE}/ticket-requests": with_token(DECIDER, missing=NO_CASE),
    f"GET {_CASE}/notice": with_token(*READERS, missing=NO_CASE),
    f"POST {_CASE}/proofs": with_token(DECIDER, missing=NO_CASE),
    f"DELETE {_CASE}/own-share": with_token(DECIDER, missing=NO_CASE),
    f"POST {_AUTHORITY}/renewals": with_token("releaser", ADMINISTRATOR, missing=NO_AUTHORITY),
    # notices: the address is the family's secret
    "GET /v1/notices/{token}": with_link(missing=NO_NOTICE, works_as="notice_link"),
    "POST /v1/notices/{token}/deliveries": with_token(*WORKERS, missing=NO_NOTICE),
    f"GET {_CASE}/notices/{{decision_id}}/delivery": with_token(*READERS, missing=NO_NOTICE),
    # letters
    "GET /v1/letters": with_token(*WORKERS),
    "POST /v1/letters/prints": with_token(*WORKERS, missing=NO_LETTER),
    "POST /v1/letters/postings": with_token(*WORKERS, missing=NO_LETTER),
    "POST /v1/letters/{letter_id}/return": with_token(*WORKERS, missing=NO_LETTER),
    "POST /v1/letters/{letter_id}/successor": with_token(*WORKERS, missing=NO_LETTER),
    # questions that keep nothing and show nobody
    "POST /v1/distances": open_to_all(),
    "POST /v1/evaluations": open_to_all(),
    "GET /v1/facts-schema": open_to_all(),
    "GET /v1/addresses": open_to_all(),
    "GET /v1/rule-set-schema": open_to_all(),
    "GET /v1/condition-facts": open_to_all(),
    # places
    f"GET {_AUTHORITY}/hazards": with_token(*MAP_READERS, missing=NO_PLACE),
    f"POST {_AUTHORITY}/hazards": with_token(*MAP_WRITERS, missing=NO_PLACE),
    f"DELETE {_AUTHORITY}/hazards/{{hazard_id}}": with_token(*MAP_WRITERS, missing=NO_PLACE),
    "GET /v1/schools/unconfirmed-entrances": with_token(*MAP_READERS),
    "GET /v1/schools/{number}/entrances": with_token(*MAP_READERS, missing=NO_PLACE),
    "PUT /v1/schools/{number}/entrances": with_token(*MAP_WRITERS, missing=NO_PLACE),
    "PUT /v1/doors": with_token(*MAP_WRITERS),
    # rule sets
    "GET /v1/rule-sets": with_token(*RULE_READERS),
    f"GET {_AUTHORITY}/rule-sets": with_token(*RULE_READERS, missing=NO_RULE_SET),
    f"POST {_AUTHORITY}/rule-sets": with_token(ADMINISTRATOR, missing=NO_RULE_SET),
    f"POST {_AUTHORITY}/rule-sets/take-over": with_token(ADMINISTRATOR, missing=NO_RULE_SET),
    f"GET {_RULE_SET}": with_token(*RULE_READERS, missing=NO_RULE_SET),
    f"PUT {_RULE_SET}": with_token(ADMINISTRATOR, missing=NO_RULE_SET),
    f"POST {_RULE_SET}/trial": with_token(ADMINISTRATOR, missing=NO_RULE_SET),
    f"POST {_RULE_SET}/publication": with_token(ADMINISTRATOR, missing=NO_RULE_SET),
    f"GET {_RULE_SET}/export": with_token(*RULE_READERS, missing=NO_RULE_SET),
    f"GET {_RULE_SET}/origin-difference": with_token(*RULE_READERS, missing=NO_RULE_SET),
    f"GET {_AUTHORITY}/own-forms": with_token(*RULE_READERS, missing=NO_FORM),
    f"POST {_AUTHORITY}/own-forms": with_token(ADMINISTRATOR, missing=NO_FORM),
    f"GET {_OWN_FORM}": with_token(*RULE_READERS, missing=NO_FORM),
    f"PUT {_OWN_FORM}": with_token(ADMINISTRATOR, missing=NO_FORM),
    f"POST {_OWN_FORM}/publication": with_token(ADMINISTRATOR, missing=NO_FORM),
    f"POST {_AUTHORITY}/simulations": with_token(*RULE_READERS, missing=NO_RULE_SET),
}

PAGES: Policy = {
    "GET /desk": with_session(*OF_AUTHORITY),
    "GET /desk/": with_session(*OF_AUTHORITY),
    "GET /desk/sign-in": open_to_all(),
    "GET /desk/sign-in/back": open_to_all(),
    "GET /desk/signed-out": open_to_all(),
    "POST /desk/sign-out": with_session(*OF_AUTHORITY),
    "GET /desk/static/{path:path}": open_to_all(missing=NO_PAGE),
    "HEAD /desk/static/{path:path}": open_to_all(missing=NO_PAGE),
    # cases
    "GET /desk/next": with_session(*READERS),
    "POST /desk/search": with_session(*READERS),
    "POST /desk/release": with_session(*WORKERS),
    "POST /desk/release/confirmed": with_session(*WORKERS),
    f"GET {_DESK_CASE}": with_session(*READERS, missing=NO_CASE),
    f"GET {_DESK_CASE}/notices/{{decision_id}}": with_session(*READERS, missing=NO_CASE),
    f"POST {_DESK_CASE}/take": with_session(*WORKERS, missing=NO_CASE),
    f"POST {_DESK_CASE}/give-back": with_session(*READERS, missing=NO_CASE),
    f"POST {_DESK_CASE}/ask": with_session(DECIDER, missing=NO_CASE),
    f"POST {_DESK_CASE}/decide": with_session(DECIDER, missing=NO_CASE),
    f"POST {_DESK_CASE}/prove": with_session(DECIDER, missing=NO_CASE),
    f"POST {_DESK_CASE}/release": with_session(*WORKERS, missing=NO_CASE),
    f"POST {_DESK_CASE}/propose": with_session(DECIDER, missing=NO_CASE),
    f"POST {_DESK_CASE}/confirm": with_session(*WORKERS, missing=NO_CASE),
    f"POST {_DESK_CASE}/drop": with_session(*WORKERS, missing=NO_CASE),
    f"POST {_DESK_CASE}/drop-share": with_session(DECIDER, missing=NO_CASE),
    f"POST {_DESK_CASE}/deliver": with_session(*WORKERS, missing=NO_CASE),
    f"POST {_DESK_CASE}/read": with_session(*WORKERS, missing=NO_CASE),
    f"POST {_DESK_CASE}/attend": with_session(DECIDER, missing=NO_CASE),
    f"POST {_DESK_CASE}/look": with_session(*WORKERS, missing=NO_CASE),
    f"POST {_DESK_CASE}/ticket": with_session(DECIDER, missing=NO_CASE),
    f"GET {_DESK_CASE}/notices/{{decision_id}}/delivery": with_session(*READERS, missing=NO_NOTICE),
    # letters
    "GET /desk/letters": with_session(*WORKERS),
    "POST /desk/letters/print": with_session(*WORKERS, missing=NO_LETTER),
    "POST /desk/letters/posted": with_session(*WORKERS, missing=NO_LETTER),
    "POST /desk/letters/{letter_id}/returned": with_session(*WORKERS, missing=NO_LETTER),
    "POST /desk/letters/{letter_id}/again": with_session(*WORKERS, missing=NO_LETTER),
    # places
    "GET /desk/entrances": with_session(*MAP_READERS),
    "GET /desk/entrances/{number}": with_session(*MAP_READERS, missing=NO_PLACE),
    "POST /desk/entrances/{number}": with_session(*MAP_WRITERS, missing=NO_PLACE),
    # rule sets
    "GET /desk/rule-sets": with_session(*RULE_READERS),
    "POST /desk/rule-sets": with_session(ADMINISTRATOR),
    f"GET {_DESK_RULE_SET}": with_session(*RULE_READERS, missing=NO_RULE_SET),
    f"POST {_DESK_RULE_SET}/save": with_session(ADMINISTRATOR, missing=NO_RULE_SET),
    f"POST {_DESK_RULE_SET}/trial": with_session(ADMINISTRATOR, missing=NO_RULE_SET),
    f"POST {_DESK_RULE_SET}/simulation": with_session(*RULE_READERS, missing=NO_RULE_SET),
    f"POST {_DESK_RULE_SET}/publication": with_session(ADMINISTRATOR, missing=NO_RULE_SET),
    # own forms
    "GET /desk/own-forms": with_session(*RULE_READERS),
    "POST /desk/own-forms": with_session(ADMINISTRATOR),
    f"GET {_DESK_FORM}": with_session(*RULE_READERS, missing=NO_FORM),
    f"POST {_DESK_FORM}/save": with_session(ADMINISTRATOR, missing=NO_FORM),
    f"POST {_DESK_FORM}/publication": with_session(ADMINISTRATOR, missing=NO_FORM),
    # whatever else is asked for
    "GET /desk/{path:path}": open_to_all(missing=NO_PAGE),
}
"""There where the sign-in is configured."""
