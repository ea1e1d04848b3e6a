"""Base45 (RFC 9285) by tables: two bytes are three characters of QR's alphanumeric mode. One text per byte string."""

from functools import cache

from issuance.barcode.refusal import Unreadable

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


class _Tables:
    """Made at first use: 65,536 groups take some 40 ms, and most commands never see a QR code."""

    def __init__(self) -> None:
        self.pairs = [_ALPHABET[n % 45] + _ALPHABET[n // 45 % 45] + _ALPHABET[n // 2025] for n in range(0x10000)]
        self.singles = [_ALPHABET[n % 45] + _ALPHABET[n // 45] for n in range(0x100)]
        self.from_pair = {text: number.to_bytes(2, "big") for number, text in enumerate(self.pairs)}
        self.from_single = {text: bytes((number,)) for number, text in enumerate(self.singles)}


_tables = cache(_Tables)


def encode(data: bytes) -> str:
    tables, even = _tables(), len(data) & ~1
    pairs = tables.pairs
    text = "".join([pairs[data[at] << 8 | data[at + 1]] for at in range(0, even, 2)])
    return text + tables.singles[data[-1]] if len(data) & 1 else text


def decode(text: str) -> bytes:
    """Raises Unreadable `base45` for foreign characters, groups above 65535 and a single character at the end.

    Every group has exactly one text, so that decode(encode(x)) == x and no second text gives the same bytes.
    """
    tables = _tables()
    from_pair = tables.from_pair
    whole = len(text) - len(text) % 3
    rest = text[whole:]
    try:
        pairs = [from_pair[text[at : at + 3]] for at in range(0, whole, 3)]
        if rest:
            pairs.append(tables.from_single[rest])
    except KeyError as error:
        raise Unreadable("base45") from error
    return b"".join(pairs)
