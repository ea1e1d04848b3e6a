"""What a family reads of the life of its ticket: what happened, and what it should do next.

One word for one thing: ausgesetzt / suspended (until it is restored), gesperrt / revoked (for good).
"""

from shared.errors import Text

from application.domain.timeline import EntryKind, TimelineEntry

REVOKED_BECAUSE: dict[str, Text] = {
    "withdrawn": Text(
        "weil Sie den Antrag zurückgenommen haben. Möchten Sie wieder ein Ticket, stellen Sie bitte einen Antrag.",
        "because you have withdrawn the application. If you want a ticket again, please apply anew.",
    ),
    "notice": Text(
        "weil die Bewilligung beendet ist. Die Gründe und was Sie dagegen tun können stehen im Bescheid.",
        "because the grant has ended. The notice states the reasons and what you can do about it.",
    ),
    "fraud": Text(
        "weil es beim Prüfen Unstimmigkeiten gab. Das muss nicht an Ihnen liegen. {ask}",
        "because something did not fit when it was checked. That need not be your doing. {ask}",
    ),
    "lost": Text(
        "weil es als verloren gemeldet ist. Bitte benutzen Sie es nicht mehr, auch wenn Sie es wiederfinden. "
        "Wird ein neues ausgestellt, finden Sie es hier.",
        "because it was reported lost. Please do not use it any more, even if you find it again. "
        "If a new one is issued, you will find it here.",
    ),
    "changed": Text(
        "weil ein neues an seine Stelle getreten ist. Bitte benutzen Sie nur noch das neue.",
        "because a new one has taken its place. Please use only the new one.",
    ),
    "by_authority": Text("weil der Schulträger es so entschieden hat. {ask}", "by decision of the authority. {ask}"),
}
REVOKED = Text("Das Ticket ist gesperrt und gilt nicht mehr, ", "The ticket is revoked and no longer valid, ")

SUSPENDED_BECAUSE: dict[str, Text] = {
    "lost": Text(" Grund: Es ist als verloren gemeldet.", " Reason: it was reported lost."),
    "fraud": Text(
        " Grund: Beim Prüfen gab es Unstimmigkeiten, die jetzt geklärt werden. Das muss nicht an Ihnen liegen.",
        " Reason: something did not fit when it was checked, and is being cleared up. That need not be your doing.",
    ),
    "notice": Text(" Grund: Der Schulträger prüft die Bewilligung.", " Reason: the authority is checking the grant."),
}
SUSPENDED = Text(
    "Das Ticket ist ausgesetzt: Es gilt vorerst nicht, bis es wieder freigegeben wird.{why} {ask} "
    "Einen neuen Antrag brauchen Sie nicht; danach gilt dasselbe Ticket wieder.",
    "The ticket is suspended: it is not valid until it is restored.{why} {ask} "
    "You need not apply anew; after that the same ticket is valid again.",
)
RESTORED = Text(
    "Das Ticket ist nicht mehr ausgesetzt und gilt wieder. Fehlt der Barcode in der Wallet noch, öffnen Sie "
    "bitte die Seite des Tickets und fügen es noch einmal hinzu.",
    "The ticket is no longer suspended and is valid again. If the barcode is still missing in the wallet, please open "
    "the ticket's page and add it once more.",
)
RENEWED = Text(
    "Das Ticket hat einen neuen Barcode. Bitte öffnen Sie die Seite des Tickets und fügen Sie es der Wallet "
    "noch einmal hinzu. Haben Sie es ausgedruckt, drucken Sie es bitte neu.",
    "The ticket has a new barcode. Please open the ticket's page and add it to the wallet once more. "
    "If you have printed it, please print it again.",
)
KEPT = Text(
    "Es wurde neu entschieden. Für das Ticket ändert sich dadurch nichts: Es bleibt dasselbe.",
    "It was decided anew. Nothing changes for the ticket: it stays the same.",
)
GRANTED_KEPT = Text(
    "Ihr Antrag ist bewilligt. Die Gründe stehen im Bescheid. Das Ticket bleibt dasselbe.",
    "Your application is granted. The notice states the reasons. The ticket stays the same.",
)
ENDED_FOLLOWED = Text(
    "Die frühere Bewilligung ist beendet: Es wurde neu entschieden.",
    "The earlier grant has ended: it was decided anew.",
)
REPLACED: dict[str, Text] = {
    "lost": Text(
        "Ein neues Ticket ersetzt das verlorene. Das alte ist gesperrt und gilt nirgends mehr. "
        "Bitte öffnen Sie die Seite des neuen und fügen Sie es der Wallet hinzu.",
        "A new ticket replaces the lost one. The old one is revoked and valid nowhere any more. "
        "Please open the page of the new one and add it to the wallet.",
    ),
    "changed": Text(
        "Ein neues Ticket ersetzt das bisherige, und das bisherige ist gesperrt. Bitte öffnen Sie die Seite des "
        "Tickets und fügen Sie das neue der Wallet hinzu. Ein ausgedrucktes drucken Sie bitte neu.",
        "A new ticket replaces the earlier one, and that one is revoked. Please open the ticket's page "
        "and add the new one to the wallet. If you have printed it, please print the new one.",
    ),
}

DEAD = frozenset({"revoked", "expired"})
"""Of the signer's codes: the ticket was not good any more."""
LOSS_WITHOUT_EFFECT = Text(
    "Das verlorene Ticket wurde nicht ersetzt: Es galt schon nicht mehr. {ask}",
    "The lost ticket was not replaced: it was not valid any more. {ask}",
)
LOSS_REFUSED = Text(
    "Das verlorene Ticket konnte nicht ersetzt werden. {ask}", "The lost ticket could not be replaced. {ask}"
)


def ticket_of(news: TimelineEntry) -> str:
    """The id of the ticket to which `news` leads; of a replacement: the new one."""
    return news.reference if news.kind is EntryKind.TICKET_REPLACED else news.ticket_id or news.reference


def of_ticket(news: TimelineEntry, authority: str | None) -> Text | None:
    """What `news` means for the family; None where it is not a step in a ticket's life.

    Args:
        authority: the name of whom to ask, where it is known.
    """
    match news.kind:
        case EntryKind.TICKET_REVOKED:
            why = REVOKED_BECAUSE.get(news.reason, REVOKED_BECAUSE["by_authority"])
            return _filled(Text(REVOKED.de + why.de, REVOKED.en + why.en), authority)
        case EntryKind.TICKET_SUSPENDED:
            return _filled(SUSPENDED, authority, SUSPENDED_BECAUSE.get(news.reason, Text("", "")))
        case EntryKind.TICKET_RESTORED:
            return RESTORED
        case EntryKind.TICKET_RENEWED:
            return RENEWED
        case EntryKind.TICKET_KEPT:
            return KEPT
        case EntryKind.LOSS_REFUSED:
            return _filled(LOSS_WITHOUT_EFFECT if news.reason in DEAD else LOSS_REFUSED, authority)
        case EntryKind.TICKET_REPLACED:
            return REPLACED.get(news.reason, REPLACED["lost"])
    return None


def _filled(text: Text, authority: str | None, why: Text | None = None) -> Text:
    ask = Text(
        f"Fragen beantwortet Ihr Schulträger{f' ({authority})' if authority else ''}.",
        f"If you have questions, please ask your school authority{f' ({authority})' if authority else ''}.",
    )
    reason = why or Text("", "")
    return Text(
        text.de.replace("{why}", reason.de).replace("{ask}", ask.de),
        text.en.replace("{why}", reason.en).replace("{ask}", ask.en),
    )
