"""The pages that a person may open on the running system, and as whom."""

from collections.abc import Sequence
from typing import TypedDict

from local.system.plan import PUBLIC, Plan


class Page(TypedDict):
    """A page as `services.json` lists it."""

    url: str
    who: str | None
    """A user of the demo's identity provider; None: nobody need sign in."""
    what: str


def pages(plan: Plan, applications: Sequence[tuple[str, str, str]] = ()) -> list[Page]:
    """Every one that is not behind the id or token of a case, notice or pass.

    Args:
        applications: id, whose it is, and how it stands.
    """
    return [
        Page(url=f"{plan.issuer}/", who=None, what="Zum Ausprobieren: vier Türen und eine Geschichte"),
        *([Page(url=f"{plan.mails.page}/", who=None, what="E-Mails dieses Laufs")] if plan.mails else []),
        Page(url=f"{plan.family}/precheck", who=None, what="Bekommt mein Kind ein Ticket?"),
        Page(url=f"{plan.family}/apply", who=None, what="Ein Schulticket beantragen"),
        Page(url=f"{plan.family}/code", who=None, what="Ohne Konto: einen Code eingeben"),
        Page(url=f"{plan.family}/letter", who=None, what="Ohne Konto: einen Code mit der Post bekommen"),
        Page(url=plan.family, who="parent-bundid", what="Noch kein Antrag; angemeldet, als wäre es mit BundID"),
        Page(url=f"{plan.url('application')}/codes", who="case-worker", what="Sachbearbeitung: Codes ohne Konto"),
        Page(url=plan.family, who="parent-1", what="Die eigenen Kinder: bewilligt, ausgesetzt, zurückgenommen"),
        Page(url=plan.family, who="parent-2", what="Die eigenen Kinder: abgelehnt, gefragt, in Prüfung"),
        Page(url=plan.school, who="school-1", what="Sekretariat: wer besucht die Schule?"),
        Page(url=f"{plan.school}/class-list", who="school-1", what="Sekretariat: Klassenliste hochladen"),
        Page(url=f"{plan.family}/data", who="parent-1", what="Meine Daten: ansehen, herunterladen, löschen"),
        Page(url=f"{plan.family}/privacy", who=None, what="Was gespeichert wird, wie lange und wozu"),
        Page(url=f"{plan.family}/easy", who=None, what="Leichte Sprache"),
        Page(url=f"{plan.family}/accessibility", who=None, what="Barrierefreiheit"),
        Page(url=f"{plan.desk}/", who="case-worker", what="Sachbearbeitung: Fälle, über die ein Mensch entscheidet"),
        Page(url=f"{plan.desk}/?pile=prepared", who="releaser", what="Sachbearbeitung: Bescheide freigeben"),
        Page(url=f"{plan.desk}/letters", who="case-worker", what="Sachbearbeitung: Briefe drucken und aufgeben"),
        Page(url=f"{plan.desk}/entrances", who="administrator", what="Sachbearbeitung: Eingänge der Schulen"),
        Page(url=f"{plan.desk}/rule-sets", who="administrator", what="Sachbearbeitung: Regelsätze"),
        Page(url=f"{plan.desk}/own-forms", who="administrator", what="Sachbearbeitung: eigene Hinweise und Fragen"),
        Page(url=f"{plan.url('issuance')}/scan", who="inspector", what="Kontrolle: Tickets prüfen, ohne Netz"),
        *(Page(url=f"{plan.url(name)}/", who=None, what=f"Was der Dienst {name} tut") for name in PUBLIC),
        *(
            Page(url=f"{plan.family}/applications/{id}", who=who, what=f"Ein Kind: {how}")
            for id, who, how in applications
        ),
    ]
