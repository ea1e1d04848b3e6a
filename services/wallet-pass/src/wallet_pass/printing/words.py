"""What stands on paper beside the ticket's own facts, in German and English on one page. Plain words: a child folds it,
a driver reads it."""

from shared.errors import Text

from wallet_pass.domain.passes import State

PAPER: dict[str, Text] = {
    "ticket_title": Text("{product} auf Papier", "{product} on paper"),
    "card_title": Text("{product} als Karte", "{product} as a card"),
    "sheet_title": Text("Tickets zum Austeilen", "Tickets to hand out"),
    "list_title": Text("Ausgabeliste", "List of tickets handed out"),
    "list_hint": Text(
        "Wer ein Ticket bekommt, unterschreibt hier. Die Liste enthält Geburtsdaten: bitte verschlossen aufbewahren "
        "und vernichten, sobald niemand sie mehr braucht.",
        "Whoever gets a ticket signs here. The list holds dates of birth: please keep it locked away, and destroy it "
        "when it is no longer needed.",
    ),
    "part": Text("Teil {part} von {parts}", "Part {part} of {parts}"),
    "left_out": Text("Nicht gedruckt", "Not printed"),
    "place": Text("Nr.", "No."),
    "holder": Text("Inhaberin / Inhaber", "Holder"),
    "name": Text("Name", "Name"),
    "birth_date": Text("Geburtsdatum", "Date of birth"),
    "born": Text("Geboren", "Born"),
    "valid_from": Text("Gültig ab", "Valid from"),
    "valid_until": Text("Gültig bis", "Valid until"),
    "ends": Text("endet aber am", "but ends on"),
    "number": Text("Ticketnummer", "Ticket number"),
    "organisation": Text("Organisation (VDV-KA)", "Organisation (VDV-KA)"),
    "signature": Text("Unterschrift", "Signature"),
    "aztec": Text("Barcode für die Kontrolle", "Barcode for inspection"),
    "aztec_picture": Text("Barcode (VDV-KA) des Tickets Nummer {number}", "Barcode (VDV-KA) of ticket number {number}"),
    "qr": Text("QR-Code, falls ein Gerät den Barcode nicht liest", "QR code, for devices that cannot read the barcode"),
    "qr_short": Text("QR-Code zur Prüfung", "QR code for checking"),
    "qr_picture": Text("QR-Code des Tickets Nummer {number}", "QR code of ticket number {number}"),
    "show_heading": Text("Bei der Kontrolle", "When tickets are checked"),
    "show": Text(
        "Zeigen Sie dieses Blatt und dazu einen Ausweis mit Lichtbild, zum Beispiel den Schülerausweis. "
        "Das Ticket gilt nur für die genannte Person.",
        "Show this sheet together with a photo ID, for example the pupil's card. "
        "The ticket is valid only for the person named.",
    ),
    "show_with": Text(
        "Zeigen Sie dieses Blatt und dazu: {document}. Das Ticket gilt nur für die genannte Person.",
        "Show this sheet together with: {document}. The ticket is valid only for the person named.",
    ),
    "show_card_with": Text(
        "Dazu zeigen: {document}. Gilt nur für die genannte Person.",
        "Show it together with: {document}. Valid only for the person named.",
    ),
    "show_card": Text(
        "Dazu einen Ausweis mit Lichtbild zeigen, etwa den Schülerausweis. Gilt nur für die genannte Person.",
        "Show it with a photo ID, such as the pupil's card. Valid only for the person named.",
    ),
    "pictures_heading": Text("Keine Fotos, keine Screenshots", "No photos, no screenshots"),
    "pictures": Text(
        "Ein Foto oder ein Screenshot dieses Blattes ist kein Ticket und wird bei der Kontrolle nicht anerkannt. "
        "Geben Sie auch keines weiter.",
        "A photo or screenshot of this sheet is not a ticket and is not accepted when tickets are checked. "
        "Do not pass one on either.",
    ),
    "pictures_card": Text("Kein Foto und kein Screenshot.", "No photo, no screenshot."),
    "fold_heading": Text("Drucken und falten", "Printing and folding"),
    "fold": Text(
        "Drucken Sie das Blatt in Originalgröße (100 %) auf weißes Papier. Falten Sie es zweimal an den gepunkteten "
        "Linien: zuerst die untere Hälfte nach hinten, dann die rechte. Kein Falz geht durch einen Code, und vorn "
        "bleibt alles sichtbar, was die Kontrolle braucht.",
        "Print the sheet at its actual size (100 %) on white paper. Fold it twice along the dotted lines: first the "
        "lower "
        "half to the back, then the right half. No fold goes through a code, and all that is needed when tickets are "
        "checked stays visible on the front.",
    ),
    "care_heading": Text("Schützen", "Take care of it"),
    "care": Text(
        "Knicken Sie die Codes nicht, und halten Sie das Blatt trocken. Lesen die Geräte es nicht mehr, drucken Sie es "
        "neu aus: Das Ticket bleibt dasselbe.",
        "Do not crease the codes, and keep the sheet dry. If devices can no longer read it, print it again: "
        "the ticket stays the same.",
    ),
    "loss_heading": Text("Verloren?", "Lost?"),
    "loss": Text(
        "Melden Sie den Verlust sofort bei Ihrem Antrag im Internet oder beim Schulträger ({issuer}). Dieses Ticket "
        "wird dann gesperrt, und Sie bekommen ein neues. Das alte gilt nicht mehr, auch wenn es wieder auftaucht.",
        "Report the loss at once with your application on the web or to the school authority ({issuer}). This ticket "
        "is then revoked, and you get a new one. The old one is no longer valid, even if it turns up again.",
    ),
    "loss_card": Text(
        "Verloren? Sofort beim Antrag im Internet oder beim Schulträger melden: Dieses Ticket wird gesperrt und "
        "ersetzt.",
        "Lost? Report it at once with the application on the web or to the school authority: this ticket is revoked "
        "and replaced.",
    ),
    "early_heading": Text("Das Ticket endet früher", "The ticket ends earlier"),
    "steps_heading": Text("So wird daraus eine Karte", "How to make the card"),
    "front": Text("Vorderseite", "Front"),
    "back": Text("Rückseite", "Back"),
    "fold_line": Text("hier falten", "fold here"),
    "ruler": Text(
        "50 mm: Messen Sie nach, ob der Drucker das Blatt verkleinert hat.",
        "50 mm: measure whether the printer has made the sheet smaller.",
    ),
}
REASONS: dict[str, Text] = {
    State.REVOKED: Text("Das Ticket ist gesperrt.", "The ticket is revoked."),
    State.SUSPENDED: Text("Das Ticket ist ausgesetzt.", "The ticket is suspended."),
    State.EXPIRED: Text("Das Ticket ist abgelaufen.", "The ticket has expired."),
    "none": Text("Zu diesem Antrag gibt es hier kein Ticket.", "There is no ticket for this application here."),
}
"""Why a class's cards lack one."""
CARD_STEPS: tuple[Text, ...] = (
    Text(
        "In Originalgröße (100 %) drucken, nicht „an Seite anpassen“; am besten auf festes weißes Papier.",
        "Print at actual size (100 %), not “fit to page”; best on strong white paper.",
    ),
    Text(
        "An den Schnittmarken ausschneiden. Vorder- und Rückseite bleiben aneinander.",
        "Cut along the cutting marks. Front and back stay together.",
    ),
    Text(
        "An der gestrichelten Linie nach hinten falten, so dass beide Seiten außen sind, und zusammenkleben.",
        "Fold to the back along the dashed line, so that both sides face outwards, and glue them together.",
    ),
    Text(
        "Die Karte hat die Größe einer Bankkarte (85,60 × 53,98 mm) und passt in jede Kartenhülle. Die Codes nicht "
        "knicken.",
        "The card is as large as a bank card (85.60 × 53.98 mm) and fits every card sleeve. Do not crease the codes.",
    ),
)
