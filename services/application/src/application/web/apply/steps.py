"""The questions of an application, in their order: each knows its fields and for which child it matters. Pure.

`steps_of` is all that decides which pages a family sees; what a page does besides (search, measure, hand in) is in
`api/pages/apply`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.errors import Text

from application.web.apply import words
from application.web.apply.circumstances import CIRCUMSTANCES
from application.web.apply.fields import NOT_SURE, YES_NO, Field, address_fields, always
from application.web.apply.further import further_fields, is_answered
from application.web.apply.options import (
    annexes,
    applicants,
    asks_custody,
    asks_second_guardian,
    custody_kinds,
    first_day,
    grades,
    media,
    proofs,
    school_years,
    tracks,
    transports,
)  # fmt: skip
from application.web.apply.situation import UPPER_YEARS, YEAR_THAT_DIFFERS, Situation, has, value_at


@dataclass(frozen=True)
class Step:
    """A page with one question.

    Attributes:
        marks: paths in the form; it is answered where all of them are there.
        page: which kind of page it is: of fields alone, or one with a work of its own.
    """

    name: str
    title: Text
    fields: tuple[Field, ...]
    marks: tuple[str, ...]
    asked: Callable[[Situation], bool] = always
    lead: Text | None = None
    page: str = "step"
    own_fields: Callable[[Situation], tuple[Field, ...]] | None = None
    """Where they depend on the authority: in place of `fields`."""
    answered: Callable[[Situation], bool] | None = None
    """Where `marks` do not say it."""

    def fields_for(self, situation: Situation) -> tuple[Field, ...]:
        """Those that matter for this child."""
        if self.own_fields is not None:
            return self.own_fields(situation)
        return tuple(each for each in self.fields if each.matters(situation))

    def is_answered(self, situation: Situation) -> bool:
        """Whether the family has been here."""
        if self.answered is not None:
            return self.answered(situation)
        return all(has(situation.form, each) for each in self.marks)

    def is_known(self, situation: Situation) -> bool:
        """Whether all of it was known before anything was asked: then the summary shows it, and nobody is asked."""
        parts = {each.partition(".")[0] for each in self.marks}
        return bool(parts) and parts <= set(situation.given) and self.is_answered(situation)

    def has_place_of(self, problem: str) -> bool:
        """Whether a fault of this path in the form is put right here; what lies in a part that has a page of its own,
        there."""
        if any(problem.startswith(f"{each.path}.") for each in self.fields if each.kind == "opens"):
            return False
        places = [*(each.path for each in self.fields), *self.marks]
        return any(one == problem or one.startswith(f"{problem}.") or problem.startswith(f"{one}.") for one in places)


def _eight_or_nine(situation: Situation) -> bool:
    form = situation.school_form
    return form is not None and len(form.tracks) > 1 and situation.grade == YEAR_THAT_DIFFERS


def _has_courses(situation: Situation) -> bool:
    return bool(situation.school_form and situation.school_form.courses)


def _course_goes_on(situation: Situation) -> bool:
    return _has_courses(situation) and (_may_be_district_class(situation) or _is_annex_e(situation))


def _may_be_district_class(situation: Situation) -> bool:
    annex, full_time = (value_at(situation.form, f"course.{each}") for each in ("annex", "full_time"))
    return annex == "A" and full_time is False


def _is_annex_e(situation: Situation) -> bool:
    return bool(value_at(situation.form, "course.annex") == "E")


def _may_have_branch(situation: Situation) -> bool:
    """A grammar school, or the years that lead to the Abitur: there a nearer school may lack the child's branch."""
    form = situation.school_form
    return form is not None and (len(form.tracks) > 1 or situation.grade in UPPER_YEARS)


def says(path: str) -> Callable[[Situation], bool]:
    """Asked where the family has said so."""
    return lambda situation: situation.says(path)


def _drives(situation: Situation) -> bool:
    return value_at(situation.form, "transport.kind") in (None, "car", "motorcycle", "bicycle")


STEPS: tuple[Step, ...] = (
    Step(
        "school", words.SCHOOL, (
            Field("school_number", Text("Name und Ort der Schule", "Name and town of the school"), "school"),
            Field("school_year", Text("Schuljahr", "School year"), "select", options=school_years),
        ), ("school_number", "school_year"), page="school",
    ),
    Step("grade", words.GRADE, (
        Field("grade", Text("Klasse", "Grade"), "select", options=grades, needed=True),
    ), ("grade",)),
    Step("track", words.TRACK, (
        Field("track", Text("Bis zum Abitur", "Until the Abitur"), "radio", options=tracks, needed=True),
    ), ("track",), _eight_or_nine),
    Step("course", words.COURSE, (
        Field("course.annex", Text("Anlage", "Annex"), "select", words.ANNEX_HINT, annexes, needed=True),
        Field("course.full_time", Text("Vollzeit?", "Full time?"), "yes_no", options=lambda _: YES_NO, needed=True),
    ), ("course",), _has_courses),
    Step("course-kind", words.COURSE_KIND, (
        Field("course.district_class", Text("Bezirksfachklasse", "District class"), "check", words.DISTRICT_HINT,
              matters=_may_be_district_class),
        Field("course.after_training", Text("Abgeschlossene Ausbildung nötig?", "Finished training needed?"), "yes_no",
              options=lambda _: NOT_SURE, matters=_is_annex_e),
    ), (), _course_goes_on),
    Step("branch", words.BRANCH, (
        Field("claims.own_branch", words.BRANCH_LABEL, "yes_no", words.BRANCH_HINT, lambda _: NOT_SURE, needed=True),
    ), ("claims.own_branch",), _may_have_branch),
    Step("child", words.CHILD, (
        Field("pupil.first_name", Text("Vornamen", "First names"), attributes={"autocomplete": "off"}),
        Field("pupil.last_name", Text("Familienname", "Family name"), attributes={"autocomplete": "off"}),
        Field("pupil.birth_date", Text("Geburtsdatum", "Birth date"), "birth", words.DAY_HINT,
              attributes={"inputmode": "decimal", "autocomplete": "off", "maxlength": "30"}),
    ), ("pupil.last_name",)),
    Step("home", words.HOME, address_fields("home"), ("home", "lives_in_nrw"), page="address"),
    Step("guardian", words.GUARDIAN, (
        Field("applicant", Text("Ich bin", "I am"), "radio", options=applicants, needed=True,
              proposed=lambda situation: applicants(situation)[0][0]),
        Field("guardian.first_name", Text("Vornamen", "First names"), attributes={"autocomplete": "given-name"}),
        Field("guardian.last_name", Text("Familienname", "Family name"), attributes={"autocomplete": "family-name"}),
        Field("guardian.email", Text("E-Mail (freiwillig)", "E-mail (optional)"),
              attributes={"autocomplete": "email", "inputmode": "email"}),
        Field("guardian.address", Text("Ich wohne woanders", "I live elsewhere"), "opens"),
    ), ("guardian.last_name", "applicant")),
    Step("guardian-home", words.GUARDIAN_HOME, address_fields("guardian.address", autocomplete="section-own "),
         ("guardian.address.city",), says("guardian.address")),
    Step("custody", words.CUSTODY, (
        Field("custody.kind", Text("Das Sorgerecht haben", "Custody is with"), "radio", options=custody_kinds,
              needed=True),
    ), ("custody.kind",), asks_custody, words.CUSTODY_LEAD),
    Step("second-guardian", words.SECOND_GUARDIAN, (
        Field("custody.second_guardian.first_name", Text("Vornamen", "First names"),
              attributes={"autocomplete": "off"}),
        Field("custody.second_guardian.last_name", Text("Familienname", "Family name"),
              attributes={"autocomplete": "off"}),
        Field("custody.second_guardian.address", Text("Diese Person wohnt woanders als das Kind",
              "This person lives elsewhere than the child"), "opens"),
    ), ("custody.second_guardian.last_name",), asks_second_guardian, words.SECOND_GUARDIAN_LEAD),
    Step("second-guardian-home", words.SECOND_GUARDIAN_HOME,
         address_fields("custody.second_guardian.address", autocomplete="section-second-guardian "),
         ("custody.second_guardian.address.city",),
         lambda situation: asks_second_guardian(situation) and situation.says("custody.second_guardian.address")),
    Step("from", words.FROM, (
        Field("wanted_from", Text("Erster Tag", "First day"), "day", words.DAY_HINT,
              proposed=lambda situation: first_day(situation).strftime("%d.%m.%Y"),
              attributes={"inputmode": "decimal", "maxlength": "30"}),
    ), ("wanted_from",)),
    Step("circumstances", words.CIRCUMSTANCES, CIRCUMSTANCES,  # a pre-check tells the first two, never a claim
         ("special_needs", "severely_disabled", "claims.dangerous_route"), lead=words.CIRCUMSTANCES_LEAD),
    Step("health", words.HEALTH, (
        Field("claims.health.weeks", Text("Dauer in Wochen", "Duration in weeks"), "number", words.WEEKS_HINT,
              attributes={"inputmode": "numeric", "maxlength": "4"}),
        Field("claims.health.certificate", Text("Gibt es ein Attest?", "Is there a certificate?"), "yes_no",
              options=lambda _: YES_NO, needed=True),
    ), ("claims.health", "claims.health.certificate"), says("claims.health")),
    Step("refusal", words.REFUSAL, (
        Field("claims.nearest_refused_school", words.REFUSAL_LABEL, "school"),
    ), ("claims.nearest_refused_school",), says("claims.nearest_refused"), page="school"),
    Step("second-home", words.SECOND_HOME, address_fields("second_home", autocomplete="section-second "),
         ("second_home",), says("claims.second_home"), lead=words.SECOND_HOME_LEAD, page="address"),
    Step("transport", words.TRANSPORT, (
        Field("transport.kind", Text("Gewünscht wird", "Wanted is"), "select", options=transports, needed=True),
        Field("transport.public_unsuitable", words.UNSUITABLE, "check"),
        Field("transport.kilometres_one_way", words.KILOMETRES, "decimal", matters=_drives,
              attributes={"inputmode": "decimal", "maxlength": "8"}),
    ), ("transport.kind",), says("transport")),
    Step("other-place", words.OTHER_PLACE, (
        Field("place_of_teaching.required", words.REQUIRED, "yes_no", options=lambda _: NOT_SURE, needed=True),
        *address_fields("place_of_teaching.address", autocomplete="section-place "),
    ), ("place_of_teaching.required",), says("place_of_teaching")),
    Step("share", words.SHARE, (), ("siblings", "benefits"), says("siblings"), words.SHARE_LEAD, "share"),
    Step("further", words.FURTHER, (), ("further",), lambda situation: bool(situation.further_questions),
         words.FURTHER_LEAD, own_fields=further_fields, answered=is_answered),
    Step("medium", words.MEDIUM, (
        Field("medium", Text("Ticket", "Ticket"), "radio", options=media, needed=True, proposed=lambda _: "wallet"),
    ), ("medium",)),
    Step("documents", words.DOCUMENTS, (), (), lambda situation: bool(proofs(situation)), page="documents"),
    Step("consents", words.CONSENTS, (), ("consents",), page="consents"),
)  # fmt: skip
BY_NAME: Mapping[str, Step] = {each.name: each for each in STEPS}
SUMMARY = "summary"


def steps_of(situation: Situation) -> tuple[Step, ...]:
    """The pages that matter for this child, in their order."""
    return tuple(each for each in STEPS if each.asked(situation))


def next_after(step: Step | None, situation: Situation, *, to_summary: bool) -> str:
    """Where to go on: the next page that asks for what is not known; for who came from the summary, or by a link, the
    next that is not answered."""
    steps = steps_of(situation)
    open_ones = [each.name for each in steps if not each.is_answered(situation)]
    if step is None or to_summary or step not in steps:
        return open_ones[0] if open_ones else SUMMARY
    following = (each.name for each in steps[steps.index(step) + 1 :] if not each.is_known(situation))
    return next(following, SUMMARY)


def before(step: Step, situation: Situation) -> str | None:
    """The page before this one; None for the first."""
    steps = steps_of(situation)
    place = steps.index(step)
    return steps[place - 1].name if place else None
