"""What is said of a child that lives in two homes by turns."""

from eligibility.rules import texts
from eligibility.rules.law.texts import Said


def not_longer_either(metres: float, limit_metres: int | None) -> Said:
    """Of the way from the second home, where either home alone is refused."""
    (german, english), (limit, limit_english) = _length(metres, limit_metres)
    return (
        f"Auch von der zweiten Wohnung ist der Schulweg nicht länger: Zu Fuß sind es {german}{limit}.",
        f"From the second home the way to school is no longer either: on foot it is {english}{limit_english}.",
    )


def from_which_home(home_metres: float, second_metres: float, limit_metres: int | None) -> Said:
    """Of both ways, where the answer hangs on the home."""
    (german, english), (limit, limit_english) = _length(second_metres, limit_metres)
    (first, first_english), _ = _length(home_metres, limit_metres)
    return (
        f"Das Kind lebt auch in einer zweiten Wohnung. Bis zur besuchten Schule sind es von der ersten {first}, von der zweiten {german}{limit}. Von welcher ist der Schulweg zu messen?",
        f"The child also lives in a second home. To the school attended it is {first_english} from the first, {english} from the second{limit_english}. From which is the way to be measured?",
    )


def _length(metres: float, limit_metres: int | None) -> tuple[Said, Said]:
    """A length, and the limit behind it, where one applies."""
    if limit_metres is None:
        return texts.metres(metres, round(metres)), ("", "")
    german, english = texts.limit(limit_metres)
    return texts.metres(metres, limit_metres), (f" (Grenze: {german})", f" (limit: {english})")
