"""Until when a notice can be challenged: from how it was delivered to the last day for the action. Pure.

NRW knows no objection procedure here (§ 110 JustG NRW); the action is brought before the administrative court within a
month of notification (§ 74 VwGO). How the day of notification follows from the channel is a dated parameter with its
basis and with how certain it is.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from shared.calendar import day_in_berlin
from shared.errors import Text

from eligibility.domain.desk import Channel, Delivery
from eligibility.notice.holidays import next_working_day

Certainty = Literal["sure", "memory", "unsure"]
"""sure: read in the law or in several sources. memory: not read again. unsure: verify before anybody relies on it."""


@dataclass(frozen=True)
class Parameter:
    """A figure of the law, from a day on."""

    name: str
    value: int
    valid_from: date
    legal_basis: str
    source: str
    certainty: Certainty


ALWAYS = date(1960, 4, 1)
"""The VwGO came into force."""
PARAMETERS = (
    Parameter("post", 3, ALWAYS, "§ 41 Abs. 2 VwVfG NRW (bis 2024)", "docs/sources/identity-and-delivery.md", "memory"),
    Parameter("post", 4, date(2025, 1, 1), "§ 41 Abs. 2 VwVfG NRW", "StGB NRW 784/2024", "sure"),
    Parameter("download", 1, ALWAYS, "§ 41 Abs. 2a VwVfG", "Bundestext; Zwilling in NRW ungeprüft", "unsure"),
    Parameter("mailbox", 4, ALWAYS, "§ 9 Abs. 1 OZG", "docs/sources/identity-and-delivery.md", "sure"),
    Parameter(
        "retrieval", 0, ALWAYS, "§ 9 Abs. 1 OZG (erster Abruf)", "docs/sources/identity-and-delivery.md", "unsure"
    ),
    Parameter("fetch_within", 10, ALWAYS, "§ 41 Abs. 2a VwVfG", "Bundestext; Zwilling in NRW ungeprüft", "unsure"),
    Parameter("months", 1, ALWAYS, "§ 74 Abs. 1 VwGO", "docs/sources/identity-and-delivery.md", "sure"),
    Parameter("months_faulty", 12, ALWAYS, "§ 58 Abs. 2 VwGO", "docs/sources/identity-and-delivery.md", "sure"),
)
COUNTING = "§ 57 Abs. 2 VwGO, § 222 ZPO, §§ 187 Abs. 1, 188 Abs. 2 und 3 BGB"
"""The day of notification is not moved where it is a Saturday, a Sunday or a holiday (OVG Lüneburg, 7 PA 184/06): only
the end of the period is."""
NOT_YET = Text(
    "Noch nicht bekannt gegeben: Es ist weder ein Versand noch ein wirksamer Abruf vermerkt. Die Frist läuft nicht.",
    "Not notified yet: neither a posting nor an effective retrieval is noted. The period does not run.",
)
NO_CONSENT = Text(
    "Der Bescheid wurde abgerufen oder eingestellt, aber ohne Einwilligung in diesen Weg. Das gilt hier nicht als "
    "Bekanntgabe. Bitte senden Sie ihn mit der Post.",
    "The notice was retrieved or provided, but without consent to this way. That does not count as notification here. "
    "Please send it by post.",
)
CAME_BACK = Text(
    "Der Brief oder der Hinweis auf den Bescheid kam zurück. Die Frist läuft nicht. Bitte geben Sie ihn auf anderem Weg "
    "bekannt.",
    "The letter, or the hint that the notice lies ready, came back. The period does not run. Please notify it in another "
    "way.",
)
TOO_LATE = Text(
    "Der Hinweis auf den Bescheid im Postfach ging erst nach dem Tag der Bereitstellung hinaus, oder gar nicht. Die Frist "
    "läuft nicht, solange der Bescheid nicht abgerufen ist.",
    "The hint that the notice lies in the mailbox went out only after the day on which it was provided, or not at all. "
    "The period does not run while the notice is not retrieved.",
)
NOTIFY_AGAIN = Text(
    "Der Bescheid wurde nicht innerhalb von {days} Tagen abgerufen. Bitte geben Sie ihn auf anderem Weg bekannt.",
    "The notice was not retrieved within {days} days. Please notify it in another way.",
)
NO_ACT = Text(
    "Die Mitteilung eines privaten Schulträgers: Eine Klagefrist wird nicht berechnet.",
    "A letter of a private body: no period for an action is computed.",
)


@dataclass(frozen=True)
class RemedyPeriod:
    """By one delivery: when the notice counts as notified, and the last day for the action."""

    channel: Channel
    sent: date
    notified: date
    last_day: date
    legal_basis: str
    certainty: Certainty


@dataclass(frozen=True)
class Remedy:
    """What a case worker should know of the period. `last_day`: None while it does not run."""

    last_day: date | None
    notified: date | None
    over: bool
    legal_basis: str
    certainty: Certainty | None
    deliveries: tuple[RemedyPeriod, ...]
    hint: Text | None


def remedy(
    deliveries: Sequence[Delivery], *, announced: datetime | None, today: date, administrative_act: bool = True
) -> Remedy:
    """The first notification counts.

    Args:
        deliveries: to one addressee.
        announced: when the hint went out that the notice lies ready in the portal; None: there was none.
    """
    if not administrative_act:
        return Remedy(None, None, over=False, legal_basis="", certainty=None, deliveries=(), hint=NO_ACT)
    effective = tuple(
        sorted((remedy_period(each) for each in deliveries if counts(each)), key=lambda one: one.notified)
    )
    if effective:
        first = effective[0]
        over = today > first.last_day
        return Remedy(first.last_day, first.notified, over, first.legal_basis, first.certainty, effective, None)
    return Remedy(None, None, over=False, legal_basis="", certainty=None, deliveries=(),
                  hint=_hint(deliveries, announced, today))  # fmt: skip


def counts(delivery: Delivery) -> bool:
    """Whether the notice counts as notified by it, with what is known now.

    What came back never. Post always. The portal with consent, within ten days of the hint (§ 41 Abs. 2a VwVfG). The
    mailbox unless it was excluded, where the hint went out on the day of provision at the latest (§ 9 Abs. 1 OZG);
    what a person noted without these moments, where consent is noted. The first retrieval from it unless excluded.
    """
    if delivery.failed_at is not None and delivery.channel in ("post", "mailbox"):
        return False
    match delivery.channel:
        case "post":
            return True
        case "download":
            until = retrieve_until(delivery.announced_at)
            return delivery.consent and (until is None or delivery.day <= until)
        case "mailbox":
            if delivery.provided_at is None:
                return delivery.consent
            return not delivery.excluded and is_announced_in_time(delivery.provided_at, delivery.announced_at)
        case "retrieval":
            return not delivery.excluded


def retrieve_until(announced: datetime | None) -> date | None:
    """The last day on which a retrieval from the portal counts (§ 41 Abs. 2a VwVfG): ten days after the hint was sent,
    whose own day is not counted. It is not moved: whether § 31 Abs. 3 VwVfG moves it is not settled, and who retrieves
    later gets the notice in another way, whose period ends later. None: there was no hint."""
    if announced is None:
        return None
    day = day_in_berlin(announced)
    return day + timedelta(days=parameter("fetch_within", day).value)


def is_announced_in_time(provided: datetime, announced: datetime | None) -> bool:
    """On the day of provision at the latest (§ 9 Abs. 1 OZG), Germany's calendar."""
    return announced is not None and day_in_berlin(announced) <= day_in_berlin(provided)


def remedy_period(delivery: Delivery) -> RemedyPeriod:
    """When the notice counts as notified by this delivery, and the last day for the action. Its certainty is that of
    the less certain of both figures."""
    way = parameter(delivery.channel, delivery.day)
    day = delivery.day + timedelta(days=way.value)
    period = parameter("months_faulty" if delivery.instruction_faulty else "months", delivery.day)
    basis = f"{way.legal_basis}; {period.legal_basis}; {COUNTING}"
    worst = max(way.certainty, period.certainty, key=("sure", "memory", "unsure").index)
    return RemedyPeriod(delivery.channel, delivery.day, day, end_of_period(day, period.value), basis, worst)


def end_of_period(notification: date, months: int) -> date:
    """The last day of a period of months that a day of notification begins.

    That day itself is not counted (§ 187 Abs. 1 BGB). The period ends on the day of the same number (§ 188 Abs. 2), or
    on the month's last where there is none (Abs. 3), and on the next working day where that is a Saturday, a Sunday or
    a holiday (§ 222 Abs. 2 ZPO).
    """
    years, month = divmod(notification.month - 1 + months, 12)
    year = notification.year + years
    day = min(notification.day, calendar.monthrange(year, month + 1)[1])
    return next_working_day(date(year, month + 1, day))


def parameter(name: str, day: date) -> Parameter:
    """The one in force on `day`."""
    return max((each for each in PARAMETERS if each.name == name and each.valid_from <= day),
               key=lambda each: each.valid_from)  # fmt: skip


def _hint(deliveries: Sequence[Delivery], announced: datetime | None, today: date) -> Text:
    """Why the period does not run."""
    if any(each.failed_at is not None for each in deliveries):
        return CAME_BACK
    if any(each.channel == "mailbox" and each.provided_at is not None and not each.excluded for each in deliveries):
        return TOO_LATE
    until = retrieve_until(announced)
    if until is not None and today > until:
        days = parameter("fetch_within", until).value
        return Text(NOTIFY_AGAIN.de.format(days=days), NOTIFY_AGAIN.en.format(days=days))
    return NO_CONSENT if deliveries else NOT_YET
