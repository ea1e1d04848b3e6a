"""The ids under which events are published: the broker drops what it has by them, hearers know the event by them."""

import re

_DRIVEN_AGAIN = re.compile(r"[0-9a-f-]{36}\.[1-9][0-9]{0,8}")


def message_id(event_id: str, driven: int) -> str:
    """An event driven again goes under another id: the broker may have lost it and still know it by the one before."""
    return f"{event_id}.{driven}" if driven else event_id


def event_of(message_id: str | None) -> str | None:
    """The event's id, without the count of how often it was driven again."""
    if message_id is None or not _DRIVEN_AGAIN.fullmatch(message_id):
        return message_id
    return message_id.rpartition(".")[0]
