"""What is done to cases, rule sets and places, as the audit trail keeps it. Pure."""

from collections.abc import Mapping, Sequence

from shared.audit.acts import AuditAct

from eligibility.domain.decision import FinalOutcome
from eligibility.domain.ticket import Change

DetailValue = str | int | float | bool | None | Sequence["DetailValue"] | Mapping[str, "DetailValue"]
"""As JSON holds it."""
Detail = Mapping[str, DetailValue]
"""What an act was about: ids and days, no names."""


class ActKind(AuditAct):
    """What happens to cases, rule sets and places."""

    # of a case, by the rules: read from what they left, and kept where a person did it
    OPENED = "opened", "Fall angelegt", "Case opened"
    PREPARED = "prepared", "Entscheidung vorbereitet", "Decision prepared"
    RELEASED = "released", "Freigegeben", "Released"
    ENDED = "ended", "Entscheidung beendet; sie bleibt aufbewahrt", "Decision ended; it is kept"
    MAY_BE_DOUBLE = "may be double", "Vielleicht ein zweiter Antrag für dasselbe Kind", "Perhaps a second application"
    MAY_BE_SIBLINGS = (
        "may be siblings",
        "Vielleicht Geschwister: eine Person wird gefragt",
        "Perhaps siblings: a person is asked",
    )
    RIGHT_TO_RIDE_REVOKED = (
        "right to ride revoked",
        "Ein Ticket des Kindes wurde gesperrt: eine Person entscheidet",
        "A ticket of the child was revoked: a person decides",
    )
    """Of before: since then `RIGHT_TO_RIDE_ASKED`."""
    RIGHT_TO_RIDE_ASKED = (
        "right to ride asked",
        "Gegen ein Ticket des Kindes liegt etwas vor: eine Person entscheidet",
        "Something stands against a ticket of the child: a person decides",
    )
    END_LEARNT = (
        "end learnt",
        "Ende der Bewilligung nach einer Wiederherstellung von anderen Diensten erfahren",
        "End of the grant learnt from other services after a restore",
    )
    CARRIED_ON = "carried on", "Bewilligung im neuen Schuljahr fortgeführt", "Grant carried on in the new school year"
    NOT_CARRIED_ON = "not carried on", "Familie zum neuen Antrag aufgefordert", "Family told to apply anew"

    # of a case, by people of the authority
    DECIDED_GRANTED = "decided: granted", "Bewilligt", "Granted"
    DECIDED_REFUSED = "decided: refused", "Abgelehnt", "Refused"
    GRANT_ENDED = "grant ended", "Ende einer Bewilligung entschieden", "End of a grant decided"
    TAKEN = "taken", "Übernommen", "Taken"
    GIVEN_BACK = "given back", "Zurückgegeben", "Given back"
    ASKED = "asked", "Familie gefragt", "Family asked"
    HEARD = "heard", "Familie angehört: Eine Bewilligung soll enden", "Family heard: a grant is to end"
    MESSAGE_READ = "message read", "Nachricht der Familie angesehen", "Message of the family looked at"
    OVERRIDE_PROPOSED = "override proposed", "Andere Entscheidung vorgeschlagen", "Another decision proposed"
    OVERRIDE_CONFIRMED = "override confirmed", "Andere Entscheidung bestätigt", "Another decision confirmed"
    OVERRIDE_DROPPED = "override dropped", "Vorschlag verworfen", "Proposal dropped"
    PROOF_RECOGNISED = (
        "proof recognised",
        "Nachweis für den Eigenanteil anerkannt",
        "Proof for the own share recognised",
    )
    OWN_SHARE_DROPPED = "own share dropped", "Neuer Eigenanteil verworfen", "New own share dropped"
    TICKET_SUSPEND = "ticket: suspend", "Aussetzen des Tickets beauftragt", "Suspension of the ticket asked for"
    TICKET_RESTORE = (
        "ticket: restore",
        "Aufheben der Aussetzung beauftragt",
        "Lifting of the suspension asked for",
    )
    TICKET_REPLACE = (
        "ticket: replace",
        "Ersatz des verlorenen Tickets beauftragt",
        "Replacement of the lost ticket asked for",
    )
    TICKET_REVOKE = "ticket: revoke", "Sperren des Tickets beauftragt", "Revocation of the ticket asked for"
    NOTICE_DELIVERED = "notice delivered", "Versand des Bescheids vermerkt", "Delivery of the notice noted"
    LETTER_RETURNED = "letter returned", "Brief mit dem Bescheid kam zurück", "Letter with the notice came back"

    # of a case, by the family
    ANSWERED = "answered", "Familie hat geantwortet oder geschrieben", "Family answered or wrote"
    WROTE = "wrote", "Familie hat geschrieben", "Family wrote"
    FACTS_CHANGED = "facts changed", "Familie hat Angaben geändert", "Family changed the facts"
    DOCUMENT_HANDED_IN = (
        "document handed in",
        "Familie hat eine Unterlage eingereicht",
        "Family handed in a document",
    )
    DOCUMENT_REMOVED = "document removed", "Familie hat eine Unterlage gelöscht", "Family deleted a document"
    WITHDRAWN = "withdrawn", "Familie hat den Antrag zurückgenommen", "Family withdrew the application"
    LOSS_REPORTED = (
        "loss reported",
        "Familie hat den Verlust des Tickets gemeldet",
        "Family reported the ticket as lost",
    )
    # of a case, by the school
    ATTENDANCE_CONFIRMED = "attendance confirmed", "Schule hat den Besuch bestätigt", "School confirmed attendance"
    ATTENDANCE_QUESTIONED = (
        "attendance questioned",
        "Schule hat andere Angaben als die Familie",
        "School has other data than the family",
    )
    ATTENDANCE_ENDED = (
        "attendance ended",
        "Schule wird nach ihrer Angabe nicht (mehr) besucht",
        "By its own statement the school is not attended (any more)",
    )
    ATTENDANCE_REOPENED = (
        "attendance reopened",
        "Schule hat ihre Angabe zurückgenommen",
        "School took its statement back",
    )
    ATTENDANCE_PROVEN = (
        "attendance proven",
        "Nachweis des Schulbesuchs vermerkt",
        "Evidence of attendance noted",
    )
    ATTENDANCE_LOOKED_AT = (
        "attendance looked at",
        "Angabe der Schule erledigt",
        "Statement of the school dealt with",
    )

    # of a case, by the family too
    SELF_PAYER_ORDERED = "self payer ordered", "Familie bezahlt das Ticket selbst", "Family pays for the ticket itself"
    NOTICE_RETRIEVED = "notice retrieved", "Bescheid abgerufen", "Notice retrieved"

    # of a rule set
    RULE_SET_DRAFTED = "rule set: drafted", "Regelsatz entworfen", "Rule set drafted"
    RULE_SET_CHANGED = "rule set: changed", "Entwurf des Regelsatzes geändert", "Draft of the rule set changed"
    RULE_SET_TRIED = "rule set: tried", "Rechtstests des Regelsatzes bestanden", "Law tests of the rule set passed"
    RULE_SET_PUBLISHED = "rule set: published", "Regelsatz veröffentlicht", "Rule set published"
    FORM_DRAFTED = "form: drafted", "Eigene Fragen entworfen", "Own questions drafted"
    FORM_CHANGED = (
        "form: changed",
        "Entwurf eigener Fragen und Texte geändert",
        "Draft of own questions and texts changed",
    )
    FORM_PUBLISHED = "form: published", "Eigene Fragen veröffentlicht", "Own questions published"

    # of places
    HAZARD_SET = "hazard set", "Gefahrenstelle eingetragen", "Hazard recorded"
    HAZARD_ENDED = "hazard ended", "Gefahrenstelle aufgehoben", "Hazard taken back"
    ENTRANCES_DRAWN = "entrances drawn", "Eingänge einer Schule gezeichnet", "Entrances of a school drawn"
    ENTRANCES_IMPORTED = "entrances imported", "Eingänge von Schulen eingelesen", "Entrances of schools imported"
    DOOR_SET = "door set", "Haustür gesetzt", "Front door set"
    DOOR_DROPPED = "door dropped", "Gesetzte Haustür gelöscht", "Front door that was set deleted"


DECIDED: Mapping[FinalOutcome, ActKind] = {
    "granted": ActKind.DECIDED_GRANTED,
    "refused": ActKind.DECIDED_REFUSED,
}
OF_TICKET: Mapping[Change, ActKind] = {
    "suspend": ActKind.TICKET_SUSPEND,
    "restore": ActKind.TICKET_RESTORE,
    "replace": ActKind.TICKET_REPLACE,
    "revoke": ActKind.TICKET_REVOKE,
}
