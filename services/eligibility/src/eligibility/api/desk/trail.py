"""What happened to a case: who did what and when, as JSON and in words. One history, in the order of happening: what a
family did is placed where it did it, not where it was heard of."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.errors import Text

from eligibility.api.desk.family_acts import FAMILY, about, not_in_trail
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Act
from eligibility.workflow import CaseFile

ACTS: dict[str, Text] = {
    "opened": Text("Fall angelegt", "Case opened"),
    "prepared": Text("Entscheidung vorbereitet", "Decision prepared"),
    "released": Text("Freigegeben", "Released"),
    "ended": Text("Entscheidung beendet; sie bleibt aufbewahrt", "Decision ended; it is kept"),
    "decided: granted": Text("Bewilligt", "Granted"),
    "decided: refused": Text("Abgelehnt", "Refused"),
    "taken": Text("Übernommen", "Taken"),
    "given back": Text("Zurückgegeben", "Given back"),
    "asked": Text("Familie gefragt", "Family asked"),
    "heard": Text("Familie angehört: Eine Bewilligung soll enden", "Family heard: a grant is to end"),
    "grant ended": Text("Ende einer Bewilligung entschieden", "End of a grant decided"),
    "answered": Text("Familie hat geantwortet oder geschrieben", "Family answered or wrote"),
    "facts changed": Text("Familie hat Angaben geändert", "Family changed the facts"),
    "document handed in": Text("Familie hat eine Unterlage eingereicht", "Family handed in a document"),
    "document removed": Text("Familie hat eine Unterlage gelöscht", "Family deleted a document"),
    "wrote": Text("Familie hat geschrieben", "Family wrote"),
    "withdrawn": Text("Familie hat den Antrag zurückgenommen", "Family withdrew the application"),
    "loss reported": Text("Familie hat den Verlust des Tickets gemeldet", "Family reported the ticket as lost"),
    "message read": Text("Nachricht der Familie angesehen", "Message of the family looked at"),
    "override proposed": Text("Andere Entscheidung vorgeschlagen", "Another decision proposed"),
    "override confirmed": Text("Andere Entscheidung bestätigt", "Another decision confirmed"),
    "override dropped": Text("Vorschlag verworfen", "Proposal dropped"),
    "self payer ordered": Text("Familie bezahlt das Ticket selbst", "Family pays for the ticket itself"),
    "may be double": Text("Vielleicht ein zweiter Antrag für dasselbe Kind", "Perhaps a second application"),
    "may be siblings": Text("Vielleicht Geschwister: eine Person wird gefragt", "Perhaps siblings: a person is asked"),
    "carried on": Text("Bewilligung im neuen Schuljahr fortgeführt", "Grant carried on in the new school year"),
    "not carried on": Text("Familie zum neuen Antrag aufgefordert", "Family told to apply anew"),
    "proof recognised": Text("Nachweis für den Eigenanteil anerkannt", "Proof for the own share recognised"),
    "own share dropped": Text("Neuer Eigenanteil verworfen", "New own share dropped"),
    "ticket: suspend": Text("Aussetzen des Tickets beauftragt", "Suspension of the ticket asked for"),
    "ticket: restore": Text("Aufheben der Aussetzung beauftragt", "Lifting of the suspension asked for"),
    "ticket: replace": Text("Ersatz des verlorenen Tickets beauftragt", "Replacement of the lost ticket asked for"),
    "ticket: revoke": Text("Sperren des Tickets beauftragt", "Revocation of the ticket asked for"),
    "right to ride revoked": Text(
        "Ein Ticket des Kindes wurde gesperrt: eine Person entscheidet",
        "A ticket of the child was revoked: a person decides",
    ),
    "right to ride asked": Text(
        "Gegen ein Ticket des Kindes liegt etwas vor: eine Person entscheidet",
        "Something stands against a ticket of the child: a person decides",
    ),
    "end learnt": Text(
        "Ende der Bewilligung nach einer Wiederherstellung von anderen Diensten erfahren",
        "End of the grant learnt from other services after a restore",
    ),
    "notice retrieved": Text("Bescheid abgerufen", "Notice retrieved"),
    "notice delivered": Text("Versand des Bescheids vermerkt", "Delivery of the notice noted"),
}
FIRST = ("opened", "facts changed", "prepared")
LAST = ("ended", "released")
"""Of what happened at one moment: what comes before and after all else."""
KEPT_WITHIN = timedelta(minutes=1)


def acts(file: CaseFile) -> list[dict[str, Any]]:
    """Who did what and when, oldest first: people's acts from the audit trail, the rules' from what they left, and what
    a family did before there was a case, or before it was kept in the trail, from that itself."""
    told = [_act(each) for each in file.acts]
    of_family = [_entry(act, at, FAMILY, detail) for act, at, detail in not_in_trail(file, told)]
    order = [*FIRST, "", *LAST]

    def place(entry: dict[str, Any]) -> tuple[Any, ...]:
        return entry["happened_at"], order.index(entry["act"] if entry["act"] in order else ""), entry["number"] or 0

    found = sorted([*_of_the_rules(file), *told, *of_family], key=place)
    return [each | {"text": _said(each, file)} for each in found]


def _said(entry: dict[str, Any], file: CaseFile) -> dict[str, str]:
    """With what it was about."""
    text, more = entry["text"], about(entry, file)
    return {"de": text["de"] + more.de, "en": text["en"] + more.en} if more is not None else text


def _of_the_rules(file: CaseFile) -> Iterator[dict[str, Any]]:
    yield _entry("opened", file.case.opened_at, "rules", {})
    for each in file.decisions:
        of = {"decision": str(each.id), "outcome": each.outcome}
        if each.decided_by == "rules":
            yield _entry("prepared", _kept_at(each, file.acts), "rules", of)
        if each.released_by == "rules":
            yield _entry("released", each.released_at, "rules", of)
        if each.withdrawn_at:
            yield _entry("ended", each.withdrawn_at, "rules", of | {"because": each.ended_because})


def _kept_at(decision: Decision, acts: Sequence[Act]) -> datetime:
    """What follows from a change is worked out first, and kept in one step with it."""
    at = decision.prepared_at
    changed = (each.at for each in acts if each.act == "facts changed" and at <= each.at <= at + KEPT_WITHIN)
    return min(changed, default=at)


def _act(act: Act) -> dict[str, Any]:
    return {**_entry(act.act, act.at, act.subject, json.loads(act.detail)), "number": act.number, "hash": act.hash}


def _entry(act: str, at: Any, by: str, detail: dict[str, Any]) -> dict[str, Any]:
    text = ACTS.get(act, Text(act, act))
    said = {"de": text.de, "en": text.en}
    happened_at = datetime.fromisoformat(detail["at"]) if "at" in detail else at
    return {
        "at": at,
        "happened_at": happened_at,
        "by": by,
        "act": act,
        "text": said,
        "detail": detail,
        "number": None,
        "hash": None,
    }
