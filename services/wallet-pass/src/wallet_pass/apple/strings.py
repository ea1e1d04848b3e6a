"""The translations inside a pass: `<language>.lproj/pass.strings`.

Keys are the German words that stand in pass.json, so that a reader without translations shows German.
UTF-16, big-endian with a byte order mark: Apple asks for UTF-16, and KDE reads no other form of it. Source:
docs/sources/wallets.md, 1.4.
"""

from collections.abc import Iterable

from shared.errors import Language, Text

ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
BYTE_ORDER_MARK = b"\xfe\xff"


def strings_file(texts: Iterable[Text], language: Language) -> bytes:
    """The file for one language. Each German wording once, in the order given."""
    lines = {text.de: text.in_language(language) for text in texts}
    content = "".join(f'"{key.translate(ESCAPES)}" = "{value.translate(ESCAPES)}";\n' for key, value in lines.items())
    return BYTE_ORDER_MARK + content.encode("utf-16-be")
