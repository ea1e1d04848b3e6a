"""The two events of an application: the facts for the rules, and the holder for the ticket. Pure."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.events import (
    ApplicationHolderGiven,
    ApplicationSubmitted,
    Circumstances,
    Claims,
    Course,
    HomeAddress,
    Person,
    PlaceOfTeaching,
    Sibling,
    Transport,
    head,
)
from shared.events.own_form import FurtherAnswers

from application.domain.application import Application
from application.domain.ids import Owner
from application.form import Address, ApplicationForm
from application.form.circumstances import Sibling as SiblingForm
from application.workflow.applications.acting import custody_told, demands_of, sign_in_told

PORTAL_NOTICE = "portal-notice"
"""The text by which a family consents to be notified by retrieval over a portal (§ 41 Abs. 2a VwVfG)."""
HOUSEHOLDS = uuid5(NAMESPACE_URL, "urn:schulticket:household")


def household(owner: Owner, authority_id: str) -> UUID:
    """The same for one account at one authority; another at each: two authorities cannot put theirs together."""
    return uuid5(uuid5(HOUSEHOLDS, authority_id), owner)


def submitted_event(
    application: Application, form: ApplicationForm, holder_change: int | None = None
) -> ApplicationSubmitted:
    """What eligibility needs; name and address only for the notice. All of it is the form's: the application's own
    columns are those of the first day.

    Args:
        holder_change: see the event.
    """
    demands = demands_of(application.demands)
    return ApplicationSubmitted(
        **head(application, application.submitted_at),
        school_number=form.school_number,
        school_year=form.school_year,
        wanted_from=form.wanted_from,
        birth_date=form.pupil.birth_date,
        home=_address(form.home),
        grade=form.grade,
        track=form.track,
        course=_course(form),
        claims=_claims(form),
        circumstances=_circumstances(form),
        medium=form.medium,
        language=form.language,
        addressee=Person(first_name=form.guardian.first_name, last_name=form.guardian.last_name),
        addressee_address=_address(form.guardian.address or form.home),
        child=Person(first_name=form.pupil.first_name, last_name=form.pupil.last_name),
        portal_notice=any(each.text_id == PORTAL_NOTICE for each in form.consents),
        mailbox_excluded=bool(form.mailbox_excluded),
        applicant=form.applicant,
        transport=Transport.model_validate(dict(form.transport)) if form.transport else None,
        place_of_teaching=_place_of_teaching(form),
        leaves_on=form.leaves_on,
        second_home=_address(form.second_home) if form.second_home else None,
        household=household(application.household_account, application.authority_id),
        holder_change=holder_change,
        further=FurtherAnswers.model_validate_json(application.further) if application.further else None,
        custody=custody_told(form, demands),
        sign_in=sign_in_told(demands),
    )


def holder_given(
    application: Application,
    form: ApplicationForm,
    holder_change: int | None = None,
    told_at: datetime | None = None,
) -> ApplicationHolderGiven:
    """What issuance needs, and no more.

    Args:
        told_at: where it is told again.
    """
    return ApplicationHolderGiven(
        **head(application, told_at or application.submitted_at),
        first_name=form.pupil.first_name,
        last_name=form.pupil.last_name,
        birth_date=form.pupil.birth_date,
        gender=form.pupil.gender,
        medium=form.medium,
        change_number=holder_change,
    )


def _sibling(told: SiblingForm) -> Sibling:
    """Hearers of before know only with or without a ticket: what the family does not know is said beside it."""
    unknown = {"funded": False, "funded_unknown": True} if told.funded is None else {}
    return Sibling.model_validate(dict(told) | unknown)


def _address(address: Address) -> HomeAddress:
    return HomeAddress.model_validate(dict(address))


def _course(form: ApplicationForm) -> Course | None:
    if form.course is None:
        return None
    return Course.model_validate(dict(form.course))


def _circumstances(form: ApplicationForm) -> Circumstances:
    return Circumstances(
        lives_in_nrw=form.lives_in_nrw,
        special_needs=form.special_needs,
        severely_disabled=form.severely_disabled,
        siblings=tuple(map(_sibling, form.siblings)),
        benefits=form.benefits,
        income_within_limit=form.income_within_limit,
        lives_in_authority_area=form.lives_in_authority_area,
    )


def _place_of_teaching(form: ApplicationForm) -> PlaceOfTeaching | None:
    place = form.place_of_teaching
    if place is None:
        return None
    address = _address(place.address) if place.address else None
    return PlaceOfTeaching(required=place.required, distance_m=place.distance_m, address=address)


def _claims(form: ApplicationForm) -> Claims:
    health = form.claims.health
    return Claims(
        health_weeks=health.weeks if health else None,
        health_claimed=health is not None,
        health_days=health.days if health else None,
        health_certificate=health.certificate if health else False,
        dangerous_route=form.claims.dangerous_route,
        nearest_refused=form.claims.nearest_refused,
        second_home=form.claims.second_home,
        nearest_refused_school=form.claims.nearest_refused_school,
        afternoon_lessons=form.claims.afternoon_lessons,
        assigned_place=form.claims.assigned_place,
        escort=form.claims.escort,
        boarding=form.claims.boarding,
        own_branch=form.claims.own_branch,
    )
