"""Every notice of an application: none of them goes away while its remedy runs, nor after."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from shared.calendar import day_in_berlin
from shared.errors import Text as BothLanguages
from shared.formats import format_day

from application.api.applications.decision import Text, detail_of
from application.api.applications.deliveries import NoticeDelivery, delivery_of
from application.domain.status import ends_on
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow import Detail

Kind = Literal["granted", "refused", "share_changed", "order"]
TITLES: dict[Kind, BothLanguages] = {
    "granted": BothLanguages("Bescheid: Ihr Antrag ist bewilligt", "Notice: your application is granted"),
    "refused": BothLanguages("Bescheid: Ihr Antrag ist abgelehnt", "Notice: your application is refused"),
    "share_changed": BothLanguages("Bescheid über Ihren Eigenanteil", "Notice of your own share"),
    "order": BothLanguages(
        "Bestätigung Ihrer Bestellung: Ticket, das Sie selbst bezahlen",
        "Confirmation of your order: ticket that you pay for yourself",
    ),
}
CARRIED_ON = BothLanguages(
    "Bescheid: Die Bewilligung geht im neuen Schuljahr weiter", "Notice: the grant carries on in the new school year"
)
KINDS: dict[EntryKind, Kind] = {
    EntryKind.GRANTED: "granted",
    EntryKind.REFUSED: "refused",
    EntryKind.SHARE_CHANGED: "share_changed",
}
ENDS = BothLanguages("Bescheid: Ihre Bewilligung ist beendet", "Notice: your grant has ended")


class Notice(BaseModel):
    """Ein Bescheid, oder die Bestätigung einer Bestellung."""

    date: date
    kind: Kind = Field(
        description="granted: bewilligt; refused: abgelehnt, oder das Ende einer Bewilligung; share_changed: anderer "
        "Eigenanteil; order: Bestätigung einer Bestellung."
    )
    title: Text
    link: str = Field(description="Als PDF, zum Ansehen: ohne Anmeldung, einige Wochen lang, und kein Abruf.")
    decision_id: UUID = Field(description="Für POST …/notices/{decision_id}/retrieval: der Abruf nach Anmeldung.")
    delivery: NoticeDelivery | None = Field(
        default=None, description="Wie der Bescheid zu Ihnen kommt und bis wann Sie klagen können."
    )


def notices(news: Sequence[TimelineEntry]) -> list[Notice]:
    """The newest first."""
    found = [(each, url) for each in news if (url := notice_of(each))]
    return [_notice(each, url, news) for each, url in sorted(found, key=lambda one: one[0].at, reverse=True)]


def notice_of(news: TimelineEntry) -> str | None:
    """The link to an entry's notice; None for kinds that come without one."""
    return detail_of(news).notice_url if news.kind in KINDS else None


def is_order(detail: Detail) -> bool:
    """Of a grant: the family buys the ticket that a refusal offers. It is no decision on its application."""
    return detail.ground == "self_payer"


def end_told_by(decision: TimelineEntry, news: Sequence[TimelineEntry]) -> TimelineEntry | None:
    """The end of a grant that a refusal is about: both are told at one moment. None: it refuses the application."""
    if decision.kind is not EntryKind.REFUSED:
        return None
    granted = {each.reference for each in news if each.kind is EntryKind.GRANTED and not is_order(detail_of(each))}
    ended = (each for each in news if each.kind is EntryKind.GRANT_ENDED and each.at == decision.at)
    return next((each for each in ended if each.reference in granted), None)


def _notice(news: TimelineEntry, url: str, heard: Sequence[TimelineEntry]) -> Notice:
    detail = detail_of(news)
    kind: Kind = "order" if is_order(detail) else KINDS[news.kind]
    title = CARRIED_ON if news.kind is EntryKind.GRANTED and detail.carries_on else TITLES[kind]
    if end := end_told_by(news, heard):
        title = _of_end(ends_on(end))
    return Notice(
        date=day_in_berlin(news.at),
        kind=kind,
        title=Text.of(title),
        link=url,
        decision_id=UUID(news.reference),
        delivery=delivery_of(news.reference, heard),
    )


def _of_end(day: date | None) -> BothLanguages:
    if day is None:
        return ENDS
    return BothLanguages(
        f"Bescheid: Ihre Bewilligung endet am {format_day(day, 'de')}",
        f"Notice: your grant ends on {format_day(day, 'en')}",
    )
