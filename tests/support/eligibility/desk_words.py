"""What a family must never read: words of the desk, of the map's data and of the program, and a child where it may be a
pupil of age who reads."""

import re

DESK_WORDS = re.compile(
    r"""
    haustür|wegenetz|\bnetz\b|ausschnitt|koordinaten|openstreetmap|regelsatz|adressverzeichnis|schulverzeichnis
    |was\ belegt|belegt\ ein|die\ familie\ (hat|erhält|berichtigt)|angehört|verwerfen|freigeben|zumutbar|doppelt
    |\bdas\ kind\b|\bihr\ kind\b|\bdes\ kindes\b|\bdem\ kind\b
    |front\ door|network|extract|coordinates|rule\ set|in\ the\ directory|the\ family\ (told|receives|corrects)
    |was\ the\ family|drop\ this|\bthe\ child\b|\byour\ child\b
    |(?<![\d.])\d{1,2}\.\d{4,}
    """,
    re.VERBOSE | re.IGNORECASE,
)


def desk_words_in(text: str) -> list[str]:
    return [found.group() for found in DESK_WORDS.finditer(text)]
