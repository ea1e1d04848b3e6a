"""One application in every state, for whoever looks around in a copy that stays up: asked, withdrawn, suspended.

Granted, refused and in review are left by the tour itself.
"""

from datetime import date, timedelta

from local.journey.cases import Cases
from local.journey.desk import Desk
from local.journey.family import Application, Family
from local.journey.forms import bodies
from local.journey.people import see_through
from local.report import Report
from local.system import System
from local.system.offices import grammar_school

QUESTION = "Bitte schreiben Sie uns, welche Stelle des Weges gefährlich ist, oder senden Sie ein Foto."
QUESTION_EN = "Please tell us which part of the way is dangerous, or send a photo."
DAYS_TO_ANSWER = 14


def fill_states(system: System, report: Report, cases: Cases, today: date) -> None:
    """Four more children.

    Raises:
        Unexpected.
        OtherwiseByRules: as the tour.
    """
    desk, first, second = Desk(system), Family(system, "parent-1"), Family(system, "parent-2")
    sent = bodies(cases, today)

    def keep(application: Application, who: str, how: str) -> None:
        system.applications.append((application.id, who, how))

    with report.step("A question to a family"):
        asked = second.apply("asked", sent["doubtful"])
        second.wait_for(asked, "in_review")
        desk.ask(asked.id, QUESTION, QUESTION_EN, today + timedelta(days=DAYS_TO_ANSWER))
        keep(asked, "parent-2", "eine Frage wartet auf die Familie")
    with report.step("An application withdrawn"):
        withdrawn = first.apply("withdrawn", sent["refused"])
        first.withdraw(withdrawn)
        keep(withdrawn, "parent-1", "zurückgenommen")
    if office := grammar_school(system.plan.inputs.schools, system.users["school-1"].get("school_number")):
        with report.step("A pupil for a school to confirm"):
            child = bodies(cases, today)["doubtful"] | {"school_number": office, "grade": "05", "track": "GY9"}
            keep(second.apply("to confirm", child), "parent-2", "die Schule bestätigt noch")
    with report.step("A ticket suspended"):
        suspended = first.apply("suspended", sent["granted"])
        see_through(desk, first, suspended, "granted")
        desk.suspend(suspended.id)
        first.wait_for(suspended, "suspended")
        keep(suspended, "parent-1", "Ticket ausgesetzt")
