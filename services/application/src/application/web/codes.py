"""What is printed of codes: the sheet of a class, and a letter. German, with English beneath. Pure."""

from datetime import datetime
from typing import Any

from shared.calendar import day_in_berlin
from shared.formats import format_day
from shared.school_names import everyday_name

from application.workflow.codes.codes import NewCodes
from application.workflow.codes.letters import CodeLetter


def sheet_of(new: NewCodes, address: str) -> dict[str, Any]:
    """Content of code_sheet.typ.

    Args:
        address: of the page on which a code is typed.
    """
    day = day_in_berlin(new.expires_at)
    whose = ", ".join(each for each in (everyday_name(new.school_name), new.label) if each)
    return {
        "title": f"Codes für den Antrag auf ein Schulticket: {whose}",
        "lead": "Bitte geben Sie jeder Familie einen Abschnitt. Jeder Code gehört zu einem Kind. Der Schulträger kann "
        "die Codes nicht noch einmal anzeigen; er kann sie sperren.",
        "slip": "Schulticket beantragen – ohne Konto",
        "how": "Code im Internet eingeben. Er gilt für ein Kind und bringt Sie auch zurück zu Ihrem Antrag. / Enter "
        "the code online. It is for one child, and brings you back to your application.",
        "codes": list(new.codes),
        "address": address,
        "until": f"gilt bis {format_day(day, 'de')} / good until {format_day(day, 'en')}",
    }


def letter_of(letter: CodeLetter, address: str, now: datetime) -> dict[str, Any]:
    """One of the letters of code_letter.typ.

    Args:
        address: of the page on which the code is typed.
    """
    today, until = day_in_berlin(now), day_in_berlin(letter.expires_at)
    after = [
        f"Geben Sie ihn hier ein: {address}",
        f"Der Code gilt einmal, bis zum {format_day(until, 'de')}. Bitte geben Sie ihn nicht weiter. Ein früherer "
        "Code gilt nicht mehr.",
        "Sie haben keinen Code angefordert? Dann müssen Sie nichts tun. Bitte zerreißen Sie den Brief.",
    ]
    english = (
        f"English: with this code you open your application online at the address above. It is good once, until "
        f"{format_day(until, 'en')}. If you have not asked for it, you need not do anything."
    )
    return {
        "sender": letter.authority,
        "lines": list(letter.lines),
        "day": format_day(today, "de"),
        "subject": "Ihr Code für den Antrag auf ein Schulticket",
        "paragraphs": [
            "Guten Tag,",
            "mit diesem Code öffnen Sie Ihren Antrag im Internet, ohne Konto. Sie sehen, wie er steht, beantworten "
            "Fragen und reichen Unterlagen ein.",
        ],
        "code": letter.code,
        "after": [*after, english],
    }
