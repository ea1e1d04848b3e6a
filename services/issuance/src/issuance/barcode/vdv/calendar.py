"""Dates and times as VDV-KA writes them: DateTimeCompact (section 5) and BCD dates (sections 3 and 6)."""

from datetime import date, datetime, timedelta

from shared.birth_dates import BirthDate, parse_birth_date

from issuance.barcode.refusal import Unreadable

FIRST_YEAR = 1990
LAST_YEAR = FIRST_YEAR + 127


def encode_compact(moment: datetime | None) -> int:
    """32 bits: year-1990 (7), month (4), day (5), hour (5), minute (6), second/2 (5). None is 0.

    `moment` is local time Europe/Berlin without tzinfo; an odd second is rounded down to the two-second step.
    """
    if moment is None:
        return 0
    if moment.tzinfo is not None:
        raise ValueError("DateTimeCompact is local time: give it without tzinfo")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"DateTimeCompact reaches from {FIRST_YEAR} to {LAST_YEAR}")
    day = (moment.year - FIRST_YEAR) << 9 | moment.month << 5 | moment.day
    return day << 16 | moment.hour << 11 | moment.minute << 5 | moment.second // 2


def decode_compact(value: int) -> datetime | None:
    """Local time Europe/Berlin without tzinfo. Hours 24 to 31 mean the next day (night service).

    Args:
        value: 32 bits: DateTimeCompact of VDV-KA.
    """
    if value == 0:
        return None
    hour, minute, second = value >> 11 & 0x1F, value >> 5 & 0x3F, (value & 0x1F) * 2
    try:
        day = datetime(FIRST_YEAR + (value >> 25), value >> 21 & 0xF, value >> 16 & 0x1F, hour % 24, minute, second)  # noqa: DTZ001 - local by definition
        return day + timedelta(days=hour // 24)
    except (ValueError, OverflowError) as error:
        raise Unreadable("time_impossible", f"{value:08X}") from error


def encode_bcd(day: date | None) -> bytes:
    """YYYYMMDD in 4 bytes; None is four zeros."""
    return bytes(4) if day is None else bytes.fromhex(f"{day.year:04d}{day.month:02d}{day.day:02d}")


def decode_bcd(value: bytes) -> date | None:
    """The opposite. Four zeros are None; what is not a date is refused as `date_impossible`."""
    if value == bytes(4):
        return None
    digits = value.hex()
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise Unreadable("date_impossible", digits) from error


def encode_birth_date(born: BirthDate | None) -> bytes:
    """The same, with 00 for what is not known."""
    return bytes(4) if born is None else bytes.fromhex(born.isoformat().replace("-", ""))


def decode_birth_date(value: bytes) -> BirthDate | None:
    """The opposite. Other issuers write anything: what is no date, and no year or month, is None."""
    digits = value.hex()
    try:
        return parse_birth_date(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except ValueError:
        return None
