"""The sentences of a notice: as an administrative act, and as the letter of a private body that bears an Ersatzschule.

Whether the latter's decision is an administrative act is unsure (§ 17 SchfkVO): the letter claims neither that nor
anything that follows from it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Wording:
    kind: Literal["administrative_act", "letter"]
    decision_title: str
    granted: str
    """Of child, born, first, last."""
    refused: str
    replaced: str
    """Of then, reference, first, why, basis."""
    changed: str
    assessed_again: str
    own_share: str
    """Of euros."""
    own_share_from: str
    """Of euros, first: where the ticket begins later than the grant."""
    where: str
    """Of school."""
    ended_where: str
    """Of before, school: where a grant ends, and it was for another school than the one that is asked for now."""
    limited: str
    """Of last."""
    conditions_title: str
    conditions: tuple[str, str]
    """What ends it, and what is to be told."""
    remedies_title: str
    remedies: str
    """Of court, with its address."""
    remedies_plain: str
    """The same in plain German. Of court, contact: its name, and how to ask the authority."""
    remedies_english: str
    """The same in English. Of court, with its address."""
    data_protection: str
    """Of url."""


TELL_US = (
    "Bitte teilen Sie uns solche Änderungen und das Ende der Förderung eines Geschwisterkindes (es ändert nur den "
    "Eigenanteil) unverzüglich mit. Nach einem Umzug oder Schulwechsel dürfen Sie das Ticket nicht mehr benutzen."
)
LOST = "Ein verlorenes Ticket melden Sie bitte sofort im Online-Antrag; es wird ersetzt."
NEXT_YEAR = (
    "Für das nächste Schuljahr ist ein neuer Antrag nötig, wenn wir Ihnen nichts anderes mitteilen (§ 4 SchfkVO)."
)
STANDING = (
    "Die Bewilligung gilt fort: Für das nächste Schuljahr ist kein neuer Antrag nötig, denn darauf verzichten wir (§ 4 SchfkVO; "
    "OVG NRW, Beschluss vom 25.11.2005, 19 E 808/05). Das Ticket selbst gilt bis zum genannten Tag. Vor jedem Schuljahr prüfen "
    "wir von uns aus, ob die Voraussetzungen weiter vorliegen, und teilen Ihnen das Ergebnis mit."
)
RIGHTS = "Welche Rechte Sie haben und wie lange Daten aufbewahrt werden, steht unter {url}."

ADMINISTRATIVE_ACT = Wording(
    kind="administrative_act",
    decision_title="Entscheidung",
    granted="Für {child}, geboren {born}, werden die notwendigen Schülerfahrkosten vom {first} bis zum {last} übernommen.",
    refused="Der Antrag auf Übernahme der Schülerfahrkosten für {child}, geboren {born}, wird abgelehnt.",
    replaced="Der Bescheid vom {then} (Aktenzeichen {reference}) wird mit Wirkung vom {first} aufgehoben und durch diesen Bescheid ersetzt, {why} ({basis}).",
    changed="weil sich die Verhältnisse geändert haben, die ihm zugrunde lagen",
    assessed_again="weil die Angaben neu bewertet wurden",
    own_share="Für die Dauer der Übernahme wird ein Eigenanteil von {euros} im Monat festgesetzt.",
    own_share_from="Ab dem {first} wird ein Eigenanteil von {euros} im Monat festgesetzt.",
    where="Der Bescheid gilt für den Besuch der Schule {school}.",
    ended_where="Bewilligt war der Besuch der Schule {before}. Für den Besuch der Schule {school} werden keine "
    "Schülerfahrkosten übernommen.",
    limited="Die Übernahme ist bis zum {last} befristet, weil ihr Grund nach dem, was uns vorliegt, nur so lange besteht "
    "(§ 36 Abs. 2 Nr. 1 VwVfG NRW). Besteht er länger, schicken Sie uns bitte vorher einen neuen Nachweis.",
    conditions_title="Nebenbestimmungen und Hinweise",
    conditions=(
        "Die Übernahme endet vorzeitig, wenn die Schule oder der Bildungsgang gewechselt oder verlassen wird oder wenn Sie "
        "umziehen, auch innerhalb der Stadt (auflösende Bedingung, § 36 Abs. 2 Nr. 2 VwVfG NRW).",
        TELL_US,
    ),
    remedies_title="Rechtsbehelfsbelehrung",
    remedies="Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Klage erhoben werden. "
    "Die Klage ist beim {court}, zu erheben.",
    remedies_plain="Sind Sie nicht einverstanden? Dann können Sie klagen. Sie haben dafür einen Monat Zeit. "
    "Das Gericht heißt: {court}. Haben Sie Fragen? {contact}",
    remedies_english="You may sue at {court}, within one month of notification.",
    data_protection="Ihre Angaben werden auf Grundlage von Art. 6 Abs. 1 Buchst. e und Abs. 3 DSGVO, § 3 DSG NRW und "
    "§ 97 SchulG NRW verarbeitet. " + RIGHTS,
)
LETTER = Wording(
    kind="letter",
    decision_title="Unsere Mitteilung",
    granted="Für {child}, geboren {born}, übernehmen wir die notwendigen Schülerfahrkosten vom {first} bis zum {last}.",
    refused="Die Schülerfahrkosten für {child}, geboren {born}, können wir leider nicht übernehmen.",
    replaced="Unsere Mitteilung vom {then} (Zeichen {reference}) gilt ab dem {first} nicht mehr; an ihre Stelle tritt diese, {why}.",
    changed="weil sich die Verhältnisse geändert haben",
    assessed_again="weil wir Ihre Angaben neu bewertet haben",
    own_share="Für die Dauer der Übernahme beträgt der Eigenanteil {euros} im Monat.",
    own_share_from="Ab dem {first} beträgt der Eigenanteil {euros} im Monat.",
    where="Das gilt für den Besuch der Schule {school}.",
    ended_where="Zugesagt waren die Fahrkosten zur Schule {before}. Für den Besuch der Schule {school} übernehmen wir "
    "keine.",
    limited="Das gilt bis zum {last}, weil der Grund nach dem, was uns vorliegt, nur so lange besteht. Besteht er länger, "
    "schicken Sie uns bitte vorher einen neuen Nachweis.",
    conditions_title="Hinweise",
    conditions=(
        "Die Übernahme endet vorzeitig, wenn die Schule oder der Bildungsgang gewechselt oder verlassen wird oder wenn Sie "
        "umziehen, auch innerhalb der Stadt.",
        TELL_US,
    ),
    remedies_title="Wenn Sie nicht einverstanden sind",
    remedies="Bitte wenden Sie sich an uns: Wir prüfen Ihre Einwände. Der Weg zu den Gerichten bleibt Ihnen offen.",
    remedies_plain="Sind Sie nicht einverstanden? Dann schreiben Sie uns bitte.",
    remedies_english="If you do not agree, please write to us; courts remain open to you.",
    data_protection="Ihre Angaben verarbeiten wir, um über die Übernahme der Schülerfahrkosten nach § 97 SchulG NRW und "
    "§ 17 SchfkVO zu entscheiden. " + RIGHTS,
)
WORDINGS: Mapping[str, Wording] = {"administrative_act": ADMINISTRATIVE_ACT, "letter": LETTER}


MOVES_THE_END = re.compile(r"(?:§ 1 Abs\. 1 LVwVfG RP, )?§ 31 Abs\. 3 H?VwVfG(?: NRW)?")
"""The paragraph of administrative procedure by which the end of a period moves to the next working day."""


def basis_of(reason: Mapping[str, str], *, is_act: bool) -> str:
    """A private body's letter is no act of administration: for it the same end moves by the civil code."""
    return reason["legal_basis"] if is_act else MOVES_THE_END.sub("§ 193 BGB", reason["legal_basis"])
