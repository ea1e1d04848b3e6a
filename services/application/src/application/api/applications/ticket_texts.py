"""What a family reads of the life of its ticket: what happened, and what it should do next.

One word for one thing: ausgesetzt / suspended (until it is restored), gesperrt / revoked (for good).
"""

from shared.errors import Text

from application.domain.timeline import News, NewsKind

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
    "Das Ticket ist ausgesetzt: Es gilt vorerst nicht, bis der Schulträger es wieder freigibt.{why} {ask} "
    "Einen neuen Antrag brauchen Sie nicht; danach gilt dasselbe Ticket wieder.",
    "The ticket is suspended: it is not valid until the authority restores it.{why} {ask} "
    "You need not apply anew; after that the same ticket is valid again.",
)
RESTORED = Text(
    "Das Ticket ist nicht mehr ausgesetzt und gilt wieder. In der Wallet erscheint der Barcode von selbst wieder; "
    "sonst öffnen Sie bitte die Seite des Tickets.",
    "The ticket is no longer suspended and is valid again. In the wallet its barcode comes back by itself; "
    "otherwise please open the ticket's page.",
)
RENEWED = Text(
    "Das Ticket hat einen neuen Barcode. In der Wallet wird er von selbst ersetzt; wenn nicht, fügen Sie das Ticket "
    "über seine Seite noch einmal hinzu. Haben Sie es ausgedruckt, drucken Sie es bitte neu.",
    "The ticket has a new barcode. In the wallet it is replaced by itself; if not, add the ticket once more from its "
    "page. If you have printed it, please print it again.",
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
        "Ein neues Ticket ersetzt das verlorene. Das alte ist gesperrt, auch in der Wallet. "
        "Bitte öffnen Sie das neue über die Seite des Tickets.",
        "A new ticket replaces the lost one. The old one is revoked, also in the wallet. "
        "Please open the new one on the ticket's page.",
    ),
    "changed": Text(
        "Ein neues Ticket ersetzt das bisherige, und das bisherige ist gesperrt. In der Wallet wird es von selbst "
        "ersetzt; wenn nicht, fügen Sie das neue über seine Seite hinzu. Ein ausgedrucktes drucken Sie bitte neu.",
        "A new ticket replaces the earlier one, and that one is revoked. In the wallet it is replaced by itself; "
        "if not, add the new one from its page. If you have printed it, please print the new one.",
    ),
}


def ticket_of(news: News) -> str:
    """The id of the ticket to which `news` leads; of a replacement: the new one."""
    return news.reference if news.kind is NewsKind.TICKET_REPLACED else news.ticket_id or news.reference


def of_ticket(news: News, authority: str | None) -> Text | None:
    """What `news` means for the family; None where it is not a step in a ticket's life.

    `authority`: the name of whom to ask, where it is known.
    """
    match news.kind:
        case NewsKind.TICKET_REVOKED:
            why = REVOKED_BECAUSE.get(news.reason, REVOKED_BECAUSE["by_authority"])
            return _filled(Text(REVOKED.de + why.de, REVOKED.en + why.en), authority)
        case NewsKind.TICKET_SUSPENDED:
            return _filled(SUSPENDED, authority, SUSPENDED_BECAUSE.get(news.reason, Text("", "")))
        case NewsKind.TICKET_RESTORED:
            return RESTORED
        case NewsKind.TICKET_RENEWED:
            return RENEWED
        case NewsKind.TICKET_KEPT:
            return KEPT
        case NewsKind.TICKET_REPLACED:
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
