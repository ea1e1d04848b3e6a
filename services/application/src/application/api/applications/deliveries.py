"""How a notice reached the family, and until when it can be challenged, in words that a parent understands."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, Field
from shared.errors import Text as BothLanguages
from shared.formats import format_day

from application.api.applications.decision import Text, detail_of
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow import Detail

NO_PERIOD = BothLanguages(
    "Gegen dieses Schreiben läuft keine Klagefrist.", "There is no period for an action against this letter."
)
NOT_YET = BothLanguages("Die Klagefrist läuft noch nicht.", "The period for an action does not run yet.")
ON_ITS_WAY: dict[str, BothLanguages] = {
    "provided": BothLanguages(
        "Der Bescheid liegt hier für Sie bereit. Wenn Sie ihn öffnen, gilt er am Tag danach als bekannt gegeben.",
        "The notice lies ready for you here. If you open it, it counts as notified on the day after.",
    ),
    "announced": BothLanguages(
        "Der Bescheid liegt für Sie bereit, und wir haben Ihnen eine Nachricht darüber geschickt.",
        "The notice lies ready for you, and we have sent you a message about it.",
    ),
    "queued": BothLanguages("Der Bescheid kommt mit der Post.", "The notice comes by post."),
    "printed": BothLanguages("Der Bescheid kommt mit der Post.", "The notice comes by post."),
    "posted": BothLanguages("Der Bescheid ist mit der Post unterwegs.", "The notice is on its way by post."),
    "lapsed": BothLanguages(
        "Der Bescheid wurde nicht rechtzeitig abgerufen. Er kommt jetzt auf einem anderen Weg.",
        "The notice was not retrieved in time. It comes in another way now.",
    ),
    "failed": BothLanguages(
        "Unsere Nachricht über den Bescheid kam nicht an. Er kommt jetzt auf einem anderen Weg.",
        "Our message about the notice did not arrive. It comes in another way now.",
    ),
    "returned": BothLanguages(
        "Der Brief mit dem Bescheid kam zurück. Bitte nennen Sie dem Schulträger Ihre Anschrift.",
        "The letter with the notice came back. Please tell the authority your address.",
    ),
}
LINES: dict[str, BothLanguages] = {
    "announced": BothLanguages(
        "Wir haben Ihnen eine Nachricht geschickt: Ein Bescheid liegt für Sie bereit.",
        "We have sent you a message: a notice lies ready for you.",
    ),
    "lapsed": BothLanguages(
        "Der Bescheid wurde nicht rechtzeitig abgerufen. Er kommt mit der Post oder in Ihr Postfach.",
        "The notice was not retrieved in time. It comes by post or into your mailbox.",
    ),
    "failed": BothLanguages(
        "Unsere Nachricht über den Bescheid kam nicht an. Er kommt auf einem anderen Weg.",
        "Our message about the notice did not arrive. It comes in another way.",
    ),
    "posted": BothLanguages("Der Bescheid ist zur Post gegeben.", "The notice was given to the post."),
    "returned": BothLanguages("Der Brief mit dem Bescheid kam zurück.", "The letter with the notice came back."),
}
"""What is a line of the timeline; of the other states the notice itself says how it stands."""


class NoticeDelivery(BaseModel):
    """Wie ein Bescheid zu der Person kommt, die den Antrag gestellt hat, und bis wann sie klagen kann."""

    channel: str = Field(description="portal: Abruf nach Anmeldung; mailbox: Postfach des Nutzerkontos; post: Brief.")
    state: str = Field(
        description="provided, announced, retrieved, lapsed, failed, queued, printed, posted, returned, overtaken."
    )
    text: Text
    retrieve_until: date | None = Field(description="Bis wann ein Abruf zählt; null: kein solcher Tag.")
    notified: date | None = Field(description="An diesem Tag gilt der Bescheid als bekannt gegeben; null: noch nicht.")
    last_day: date | None = Field(description="Letzter Tag für eine Klage; null: Die Frist läuft nicht.")


def delivery_of(decision_id: str, news: Sequence[TimelineEntry]) -> NoticeDelivery | None:
    """By the newest step that was told of it; None for a notice of before."""
    mine = (each for each in news if each.kind is EntryKind.DELIVERY_CHANGED and each.decision_id == decision_id)
    told = [(each.step, detail) for each in mine if (detail := detail_of(each)).recipient == 0]
    if not told:
        return None
    detail = max(told, key=lambda one: one[0])[1]
    return NoticeDelivery(
        channel=detail.channel,
        state=detail.delivery_state,
        text=Text.of(say_delivery(detail)),
        retrieve_until=detail.retrieve_until,
        notified=detail.notified,
        last_day=detail.last_day,
    )


def say_delivery(detail: Detail) -> BothLanguages:
    """Until when an action can be brought, or why that period does not run."""
    if not detail.administrative_act:
        return NO_PERIOD
    if detail.notified is not None and detail.last_day is not None:
        notified, last = detail.notified, detail.last_day
        return BothLanguages(  # right on whichever side of both days it is read
            f"Der letzte Tag für eine Klage ist der {format_day(last, 'de')}. Als Tag der Bekanntgabe gilt der "
            f"{format_day(notified, 'de')}.",
            f"The last day for an action is {format_day(last, 'en')}. The day of notification is "
            f"{format_day(notified, 'en')}.",
        )
    how = ON_ITS_WAY.get(detail.delivery_state)
    parts = [] if how is None else [how]
    if detail.retrieve_until is not None:
        day, day_en = format_day(detail.retrieve_until, "de"), format_day(detail.retrieve_until, "en")
        parts.append(
            BothLanguages(
                f"Bitte öffnen Sie ihn bis zum {day}. Sonst bekommen Sie ihn auf einem anderen Weg.",
                f"Please open it by {day_en}. Otherwise you get it in another way.",
            )
        )
    parts.append(NOT_YET)
    return BothLanguages(" ".join(each.de for each in parts), " ".join(each.en for each in parts))


def is_line(news: TimelineEntry) -> bool:
    """Whether a step of a delivery is a line of the timeline of who applied."""
    detail = detail_of(news)
    return detail.recipient == 0 and detail.delivery_state in LINES


def line_of(news: TimelineEntry) -> BothLanguages:
    """The line."""
    return LINES[detail_of(news).delivery_state]
