"""Which other cases may be about the child of this one, for the person who is asked whether they are."""

import json
from dataclasses import dataclass

from eligibility.web.spoken import Spoken
from eligibility.workflow.desk.case_file import CaseFile

MAY_BE_DOUBLE = "may be double"


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
