"""Which other cases may be about the child of this one, or about its sibling, for the person who is asked."""

import json
from dataclasses import dataclass

from eligibility.web.spoken import Spoken
from eligibility.workflow.desk.case_file import CaseFile

MAY_BE_DOUBLE, MAY_BE_SIBLINGS = "may be double", "may be siblings"


@dataclass(frozen=True)
class Other:
    case_id: str
    number: str
    why: str


def doubles(file: CaseFile, say: Spoken) -> list[Other]:
    """As the rules noted them, newest last; the same case once, by what was noted of it last."""
    found: dict[str, str] = {}
    for act in file.acts:
        if act.act == MAY_BE_DOUBLE:
            found |= json.loads(act.detail)
    why = {
        "certain": say.t("Name und Geburtsdatum stimmen überein", "name and birth date agree"),
        "likely": say.t("Name oder Geburtsdatum weichen wenig ab", "name or birth date differ a little"),
    }
    return [Other(each, each[:8].upper(), why.get(how, "")) for each, how in found.items()]


def siblings(file: CaseFile, say: Spoken) -> list[Other]:
    """Those of which is asked now whether they are a sibling's."""
    noted = next((each for each in reversed(file.acts) if each.act == MAY_BE_SIBLINGS), None)
    why = say.t("gleiches Konto oder gleiche Wohnung", "same account or home")
    return [Other(each, each[:8].upper(), why) for each in (json.loads(noted.detail)["cases"] if noted else ())]
