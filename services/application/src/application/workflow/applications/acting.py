"""Who acts for a child, as far as eligibility needs it: only what the authority asks for is told. Pure."""

from shared.events import Custody, HomeAddress, Person, SignIn
from shared.trust import reaches

from application.domain.demands import DemandsThen
from application.form import ApplicationForm


def demands_of(kept: str | None) -> DemandsThen | None:
    """Out of what is kept with an application; None where nothing was asked."""
    return None if kept is None else DemandsThen.model_validate_json(kept)


def custody_told(form: ApplicationForm, demands: DemandsThen | None) -> Custody | None:
    """None where the authority does not ask, or the pupil applies for herself."""
    if demands is None or form.applicant == "pupil" or (demands.custody == "none" and not demands.both_guardians):
        return None
    told = form.custody
    second = told.second_guardian if told is not None and demands.both_guardians else None
    return Custody(
        asked="document" if demands.custody == "document" else "declaration",
        declared=told.kind if told is not None else None,
        second_guardian=second and Person(first_name=second.first_name, last_name=second.last_name),
        second_address=HomeAddress.model_validate(dict(second.address)) if second and second.address else None,
    )


def sign_in_told(demands: DemandsThen | None) -> SignIn | None:
    """None where the account's person is known as surely as is asked for."""
    if demands is None or (demands.reached is not None and reaches(demands.reached, demands.trust)):
        return None
    return None if demands.trust == "none" else SignIn(asked=demands.trust, trust=demands.reached)
