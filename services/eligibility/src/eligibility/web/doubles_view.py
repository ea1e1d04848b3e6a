"""Which other cases may be about the child of this one, or about its sibling, for the person who is asked."""

import json
from dataclasses import dataclass

from shared.calendar import day_in_berlin

from eligibility.domain.ids import CaseId
from eligibility.domain.ticket import RightMark
from eligibility.web.formatter import Formatter
from eligibility.workflow.desk.case_file import CaseFile

MAY_BE_DOUBLE, MAY_BE_SIBLINGS = "may be double", "may be siblings"


@dataclass(frozen=True)
class Other:
    case_id: str
    number: str
    why: str


def doubles(file: CaseFile, say: Formatter) -> list[Other]:
    """As the rules noted them, newest last; the same case once, by what was noted of it last."""
    found: dict[str, str] = {}
    for act in file.acts:
        if act.act == MAY_BE_DOUBLE:
            found |= json.loads(act.detail)
    why = {
        "certain": say.t("Name und Geburtsdatum stimmen überein", "name and birth date agree"),
        "likely": say.t("Name oder Geburtsdatum weichen wenig ab", "name or birth date differ a little"),
    }
    others = [Other(each, each[:8].upper(), why.get(how, "")) for each, how in found.items()]
    known = {each.case_id for each in others}
    return others + [_of_right(*each, say) for each in file.rights if str(each[0]) not in known]


def siblings(file: CaseFile, say: Formatter) -> list[Other]:
    """Those of which is asked now whether they are a sibling's."""
    noted = next((each for each in reversed(file.acts) if each.act == MAY_BE_SIBLINGS), None)
    why = say.t("gleiches Konto oder gleiche Wohnung", "same account or home")
    return [Other(each, each[:8].upper(), why) for each in (json.loads(noted.detail)["cases"] if noted else ())]


def waited_for(file: CaseFile, say: Formatter) -> list[Other]:
    """Cases of the child whose tickets its own waits for."""
    why = say.t("dessen Ticket noch gilt", "whose ticket is still good")
    return [Other(str(each), str(each)[:8].upper(), why) for each in file.waits_for]


def _of_right(case_id: CaseId, mark: RightMark, say: Formatter) -> Other:
    day = say.day(day_in_berlin(mark.at))
    revoked = say.t(f"Ticket am {day} gesperrt", f"ticket revoked on {day}")
    suspended = say.t(f"Ticket am {day} ausgesetzt", f"ticket suspended on {day}")
    return Other(str(case_id), str(case_id)[:8].upper(), revoked if mark.what == "revoked" else suspended)
