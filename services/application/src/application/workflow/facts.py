"""The two events of an application: the facts for the rules, and the holder for the ticket. Pure."""

from shared.events import (
    ApplicationHolderGiven,
    ApplicationSubmitted,
    Circumstances,
    Claims,
    Course,
    HomeAddress,
    Person,
    Sibling,
)

from application.domain import Application
from application.form import Address, ApplicationForm

PORTAL_NOTICE = "portal-notice"
"""The text by which a family consents to be notified by retrieval over a portal (§ 41 Abs. 2a VwVfG)."""


def submitted(application: Application, form: ApplicationForm) -> ApplicationSubmitted:
    """What eligibility needs; name and address only for the notice."""
    return ApplicationSubmitted(
        occurred_at=application.submitted_at,
        authority_id=application.authority_id,
        application_id=application.id,
        school_number=application.school_number,
        school_year=form.school_year,
        wanted_from=form.wanted_from,
        birth_date=form.pupil.birth_date,
        home=_address(form.home),
        grade=form.grade,
        track=form.track,
        course=_course(form),
        claims=_claims(form),
        circumstances=Circumstances(
            lives_in_nrw=form.lives_in_nrw,
            special_needs=form.special_needs,
            severely_disabled=form.severely_disabled,
            siblings=tuple(Sibling(birth_date=each.birth_date, funded=each.funded) for each in form.siblings),
            benefits=form.benefits,
        ),
        medium=form.medium,
        language=form.language,
        addressee=Person(first_name=form.guardian.first_name, last_name=form.guardian.last_name),
        addressee_address=_address(form.guardian.address or form.home),
        child=Person(first_name=form.pupil.first_name, last_name=form.pupil.last_name),
        portal_notice=any(each.text_id == PORTAL_NOTICE for each in form.consents),
    )


def holder_given(application: Application, form: ApplicationForm) -> ApplicationHolderGiven:
    """What issuance needs, and no more."""
    return ApplicationHolderGiven(
        occurred_at=application.submitted_at,
        authority_id=application.authority_id,
        application_id=application.id,
        first_name=form.pupil.first_name,
        last_name=form.pupil.last_name,
        birth_date=form.pupil.birth_date,
        gender=form.pupil.gender,
        medium=form.medium,
    )


def _address(address: Address) -> HomeAddress:
    return HomeAddress(
        street=address.street, house_number=address.house_number, postal_code=address.postal_code, city=address.city
    )


def _course(form: ApplicationForm) -> Course | None:
    if form.course is None:
        return None
    return Course(annex=form.course.annex, full_time=form.course.full_time, district_class=form.course.district_class)


def _claims(form: ApplicationForm) -> Claims:
    health = form.claims.health
    return Claims(
        health_weeks=health.weeks if health else None,
        health_certificate=health.certificate if health else False,
        dangerous_route=form.claims.dangerous_route,
        nearest_refused=form.claims.nearest_refused,
        second_home=form.claims.second_home,
    )
