"""Base45 (RFC 9285) by tables: two bytes are three characters of QR's alphanumeric mode. One text per byte string."""

from issuance.barcode.refusal import Unreadable

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_PAIR = tuple(
    _ALPHABET[number % 45] + _ALPHABET[number // 45 % 45] + _ALPHABET[number // 2025] for number in range(0x10000)
)
_SINGLE = tuple(_ALPHABET[number % 45] + _ALPHABET[number // 45] for number in range(0x100))
_FROM_PAIR = {text: number.to_bytes(2, "big") for number, text in enumerate(_PAIR)}
_FROM_SINGLE = {text: bytes((number,)) for number, text in enumerate(_SINGLE)}


def encode(data: bytes) -> str:
    even = len(data) & ~1
    text = "".join([_PAIR[data[at] << 8 | data[at + 1]] for at in range(0, even, 2)])
    return text + _SINGLE[data[-1]] if len(data) & 1 else text


def decode(text: str) -> bytes:
    """Raises Unreadable `base45` for foreign characters, groups above 65535 and a single character at the end.

    Every group has exactly one text, so that decode(encode(x)) == x and no second text gives the same bytes.
    """
    whole = len(text) - len(text) % 3
    rest = text[whole:]
    try:
        pairs = [_FROM_PAIR[text[at : at + 3]] for at in range(0, whole, 3)]
        if rest:
            pairs.append(_FROM_SINGLE[rest])
    except KeyError as error:
        raise Unreadable("base45") from error
    return b"".join(pairs)
