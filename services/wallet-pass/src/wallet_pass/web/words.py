"""What the pages say, in German and English. Plain words: a parent reads them on a phone."""

from shared.errors import Language, Text

from wallet_pass.domain.passes import State

WORDS: dict[str, Text] = {
    "title": Text("Ihr Schülerticket", "Your student ticket"),
    "skip": Text("Zum Inhalt springen", "Skip to the content"),
    "language": Text("English", "Deutsch"),
    "language_label": Text("Sprache wechseln: Englisch", "Change language: German"),
    "ticket_picture": Text("Barcode des Tickets Nummer {number}", "Barcode of ticket number {number}"),
    "holder": Text("Inhaberin / Inhaber", "Holder"),
    "birth_date": Text("Geburtsdatum", "Date of birth"),
    "valid_from": Text("Gültig ab", "Valid from"),
    "valid_until": Text("Gültig bis", "Valid until"),
    "ends": Text("endet aber am", "but ends on"),
    "early_end": Text("Das Ticket endet früher", "The ticket ends earlier"),
    "number": Text("Ticketnummer", "Ticket number"),
    "wallet_heading": Text("Auf das Smartphone", "To your phone"),
    "wallet_hint": Text(
        "Mit der Wallet haben Sie das Ticket auch ohne Internet dabei. "
        "Öffnen Sie dazu diese Seite auf dem Gerät, das unterwegs dabei ist.",
        "In the wallet the ticket is at hand without the internet. "
        "To add it, open this page on the device that is carried along.",
    ),
    "apple": Text("Zu Apple Wallet hinzufügen", "Add to Apple Wallet"),
    "google": Text("Zu Google Wallet hinzufügen", "Add to Google Wallet"),
    "google_later": Text(
        "Google Wallet wird gerade vorbereitet. Bitte laden Sie die Seite in einer Minute neu.",
        "Google Wallet is being prepared. Please reload this page in a minute.",
    ),
    "wallet_hint_phone": Text(
        "In der Wallet haben Sie das Ticket auch ohne Internet dabei.",
        "In the wallet the ticket is at hand without the internet.",
    ),
    "other_phone": Text("Für ein anderes Telefon", "For another phone"),
    "checked": Text("Stand: {checked}", "As of {checked}"),
    "offline": Text("Keine Verbindung", "No connection"),
    "offline_meaning": Text(
        "Sie sehen das Ticket, wie es am {checked} war. Ob es noch gilt, zeigt diese Seite, sobald wieder eine "
        "Verbindung besteht.",
        "You see the ticket as it was on {checked}. This page shows whether it is still valid as soon as there is a "
        "connection again.",
    ),
    "together_title": Text("Tickets der Familie", "Tickets of the family"),
    "together_heading": Text("Alle auf dieses Telefon", "All onto this phone"),
    "together_hint": Text(
        "Mit einem Schritt kommen alle gültigen Tickets in die Wallet. Auf dem iPhone öffnen Sie diese Seite bitte in "
        "Safari.",
        "In one step all valid tickets come into the wallet. On an iPhone please open this page in Safari.",
    ),
    "together_secret": Text(
        "Wer diese Adresse kennt, kann alle diese Tickets sehen. Bitte geben Sie sie nicht weiter.",
        "Whoever knows this address can see all these tickets. Please do not pass it on.",
    ),
    "open_ticket": Text("Ticket öffnen", "Open the ticket"),
    "test_heading": Text("Testbetrieb", "Test operation"),
    "test": Text(
        "Diese Pässe sind mit einem Testzertifikat unterschrieben. iPhones und Google Wallet nehmen sie nicht an; "
        "der Barcode auf dieser Seite funktioniert.",
        "These passes are signed with a test certificate. iPhones and Google Wallet do not accept them; "
        "the barcode on this page works.",
    ),
    "test_together": Text(
        "Diese Pässe sind mit einem Testzertifikat unterschrieben. iPhones und Google Wallet nehmen sie nicht an; "
        "der Barcode auf der Seite jedes Tickets funktioniert.",
        "These passes are signed with a test certificate. iPhones and Google Wallet do not accept them; "
        "the barcode on each ticket's page works.",
    ),
    "paper_heading": Text("Ohne Smartphone", "Without a phone"),
    "paper": Text(
        "Drucken Sie das Ticket in Originalgröße auf weißes Papier: als Blatt zum Falten oder als Karte, so groß wie "
        "eine Bankkarte. Die Schule oder der Schulträger druckt es auch für Sie.",
        "Print the ticket at its actual size on white paper: as a sheet to fold, or as a card as large as a bank card. "
        "The school or the school authority also prints it for you.",
    ),
    "paper_sheet": Text("Ticket als Blatt zum Falten (PDF)", "Ticket as a sheet to fold (PDF)"),
    "paper_card": Text("Ticket als Karte zum Ausschneiden (PDF)", "Ticket as a card to cut out (PDF)"),
    "picture_link": Text("Barcode als Bild öffnen", "Open the barcode as a picture"),
    "qr_heading": Text("QR-Code zur Prüfung", "QR code for checking"),
    "qr": Text(
        "Manche Prüfgeräte lesen statt des großen Barcodes diesen QR-Code. Er enthält dieselbe Berechtigung.",
        "Some inspection devices read this QR code instead of the large barcode. It holds the same right to ride.",
    ),
    "qr_picture": Text("QR-Code des Tickets Nummer {number}", "QR code of ticket number {number}"),
    "inspection_heading": Text("Bei der Kontrolle", "When tickets are checked"),
    "inspection": Text(
        "Zeigen Sie den Barcode und dazu einen Ausweis mit Lichtbild, zum Beispiel den Schülerausweis. "
        "Das Ticket gilt nur für die genannte Person.",
        "Show the barcode together with a photo ID, for example the pupil's card. "
        "The ticket is valid only for the person named.",
    ),
    "inspection_with": Text(
        "Zeigen Sie den Barcode und dazu: {document}. Das Ticket gilt nur für die genannte Person.",
        "Show the barcode together with: {document}. The ticket is valid only for the person named.",
    ),
    "secret": Text(
        "Wer diese Adresse kennt, kann das Ticket sehen. Bitte geben Sie sie nicht weiter.",
        "Whoever knows this address can see the ticket. Please do not pass it on.",
    ),
    "no_barcode": Text("Kein Barcode", "No barcode"),
    "not_found_title": Text("Kein Ticket gefunden", "No ticket found"),
    "not_found": Text(
        "Unter dieser Adresse gibt es kein Ticket, oder nicht mehr. Ein Link muss vollständig sein, er endet nach "
        "einiger Zeit, und die Familie kann ihn sperren. Den Link, der jetzt gilt, finden Sie bei Ihrem Antrag. Hilft "
        "das nicht, wenden Sie sich an den Schulträger, bei dem Sie den Antrag gestellt haben.",
        "There is no ticket at this address, or not any more. A link must be complete, it ends after some time, and "
        "the family can end it. The link that counts now is shown with your application. If that does not help, please "
        "contact the school authority to which you applied.",
    ),
}

STATES: dict[State, tuple[str, Text, Text]] = {
    State.VALID: ("success", Text("Gültig", "Valid"), Text("", "")),
    State.NOT_YET_VALID: (
        "info",
        Text("Noch nicht gültig", "Not valid yet"),
        Text("Das Ticket gilt ab {first_day}.", "The ticket is valid from {first_day}."),
    ),
    State.EXPIRED: (
        "warning",
        Text("Abgelaufen", "Expired"),
        Text(
            "Das Ticket galt bis {last_day}. Für ein neues Ticket stellen Sie bitte einen neuen Antrag.",
            "The ticket was valid until {last_day}. Please apply again for a new ticket.",
        ),
    ),
    State.SUSPENDED: (
        "warning",
        Text("Ausgesetzt", "Suspended"),
        Text(
            "Dieses Ticket ist ausgesetzt. Bis es wieder freigegeben wird, gilt es nicht, auch nicht auf "
            "Papier oder in der Wallet. Dann erscheint der Barcode hier wieder; einen neuen Antrag brauchen Sie nicht. "
            "Bei Fragen wenden Sie sich bitte an den Schulträger.",
            "This ticket is suspended. It is not valid, not even on paper or in the wallet, until it is "
            "restored. Then its barcode comes back here; you need not apply anew. "
            "If you have questions, please contact the school authority.",
        ),
    ),
    State.REVOKED: (
        "danger",
        Text("Gesperrt", "Revoked"),
        Text(
            "Dieses Ticket ist gesperrt. Es gilt nicht mehr, auch nicht auf Papier oder in der Wallet. Den Grund, und "
            "ein neues Ticket, falls es eines gibt, finden Sie bei Ihrem Antrag. "
            "Bei Fragen wenden Sie sich bitte an den Schulträger.",
            "This ticket is revoked. It is no longer valid, not even on paper or in the wallet. The reason, and a new "
            "ticket if there is one, are shown with your application. "
            "If you have questions, please contact the school authority.",
        ),
    ),
}
"""KERN's word for the colour, the badge, and what it means for the family."""


def words(language: Language) -> dict[str, str]:
    """What templates print, by name."""
    return {name: text.in_language(language) for name, text in WORDS.items()}
