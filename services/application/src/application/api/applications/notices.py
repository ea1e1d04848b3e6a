"""Every notice of an application: none of them goes away while its remedy runs, nor after."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field
from shared.calendar import day_in_berlin
from shared.errors import Text as BothLanguages

from application.api.applications.decision import Text, detail_of
from application.domain.timeline import News, NewsKind
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
KINDS: dict[NewsKind, Kind] = {
    NewsKind.GRANTED: "granted",
    NewsKind.REFUSED: "refused",
    NewsKind.SHARE_CHANGED: "share_changed",
}


class Notice(BaseModel):
    """Ein Bescheid, oder die Bestätigung einer Bestellung."""

    date: date
    kind: Kind = Field(
        description="granted: bewilligt; refused: abgelehnt; share_changed: anderer Eigenanteil; order: Bestätigung "
        "einer Bestellung."
    )
    title: Text
    link: str = Field(description="Als PDF.")


def notices(news: Sequence[News]) -> list[Notice]:
    """The newest first."""
    found = [(each, url) for each in news if (url := notice_of(each))]
    return [_notice(each, url) for each, url in sorted(found, key=lambda one: one[0].at, reverse=True)]


def notice_of(news: News) -> str | None:
    return detail_of(news).notice_url if news.kind in KINDS else None


def is_order(detail: Detail) -> bool:
    """Of a grant: the family buys the ticket that a refusal offers. It is no decision on its application."""
    return detail.ground == "self_payer"


def _notice(news: News, url: str) -> Notice:
    detail = detail_of(news)
    kind: Kind = "order" if is_order(detail) else KINDS[news.kind]
    title = CARRIED_ON if news.kind is NewsKind.GRANTED and detail.carries_on else TITLES[kind]
    return Notice(date=day_in_berlin(news.at), kind=kind, title=Text.of(title), link=url)
