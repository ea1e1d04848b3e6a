"""What an authority chooses beside the colours, as it lies in the table: JSON that we have written."""

import json
from typing import Any

from shared.errors import Text

from wallet_pass.domain.designs import DEFAULT_DESIGN, Design, FrontField, Help


def write_words(design: Design) -> str:
    """The text of the column."""
    words = {
        "front": list(design.front),
        "document": _both(design.document),
        "help": [[*_both(one.label), *_both(one.answer)] for one in design.help],
    }
    return json.dumps(words, ensure_ascii=False)


def read_words(words: str | None) -> dict[str, Any]:
    """What `Design` takes; the usual where nothing was chosen."""
    if words is None:
        return {"front": DEFAULT_DESIGN.front, "document": DEFAULT_DESIGN.document, "help": DEFAULT_DESIGN.help}
    said = json.loads(words)
    return {
        "front": tuple(FrontField(name) for name in said["front"]),
        "document": Text(*said["document"]),
        "help": tuple(Help(Text(*one[:2]), Text(*one[2:])) for one in said["help"]),
    }


def _both(text: Text) -> list[str]:
    return [text.de, text.en]
