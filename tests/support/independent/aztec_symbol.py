"""An Aztec code read module by module (ISO/IEC 24778), without its error correction: one wrong module is a wrong byte.

Only full symbols, as tickets need them.
"""

from collections.abc import Iterator, Sequence

Grid = Sequence[Sequence[bool]]
BULLSEYE = 6
"""Rings around the middle, black and white in turns."""
_UPPER = [None, " ", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "to lower", "to mixed", "to digit", "bytes"]
_LOWER = [None, " ", *"abcdefghijklmnopqrstuvwxyz", "one upper", "to mixed", "to digit", "bytes"]
_MIXED = [None, " ", *map(chr, range(1, 14)), *map(chr, range(27, 32)), *"@\\^_`|~\x7f"]
_MIXED += ["to lower", "to upper", "to punct", "bytes"]
_PUNCT = [None, "\r", "\r\n", ". ", ", ", ": ", *"!\"#$%&'()*+,-./:;<=>?[]{}", "to upper"]
_DIGIT = [None, " ", *"0123456789,.", "to upper", "one upper"]
TABLES = {"upper": _UPPER, "lower": _LOWER, "mixed": _MIXED, "punct": _PUNCT, "digit": _DIGIT}


def side_of(layers: int) -> int:
    """With the reference lines that run through it."""
    inner = 14 + 4 * layers
    return inner + 1 + 2 * ((inner // 2 - 1) // 15)


def read_aztec(grid: Grid) -> bytes:
    """What the symbol holds.

    Raises:
        AssertionError: it is none, or one of its modules is wrong.
    """
    middle = len(grid) // 2
    for ring in range(BULLSEYE + 1):
        edge = [(ring, other) for other in range(-ring, ring + 1)]
        places = {(y, x) for one, two in edge for y, x in ((one, two), (-one, two), (two, one), (two, -one))}
        assert {grid[middle + y][middle + x] for y, x in places} == {ring % 2 == 0}, "no bull's eye"
    layers, words = _mode(grid, middle)
    assert side_of(layers) == len(grid), "another size than the mode message says"
    return _text("".join(_unstuffed(_bits(grid, layers), layers, words)))


def _mode(grid: Grid, middle: int) -> tuple[int, int]:
    """Layers and data words: ten bits on each side around the bull's eye, beside the line in its middle."""
    near, far = middle - 7, middle + 7
    steps = [step for step in range(-5, 6) if step]
    bits = [grid[near][middle + step] for step in steps]
    bits += [grid[middle + step][far] for step in steps]
    bits += [grid[far][middle - step] for step in steps]
    bits += [grid[middle - step][near] for step in steps]
    said = int("".join("01"[bit] for bit in bits[:16]), 2)
    return (said >> 11) + 1, (said & 0x7FF) + 1


def _bits(grid: Grid, layers: int) -> str:
    """The layers from outside to inside, each along its four sides, two modules deep."""
    inner, middle = 14 + 4 * layers, len(grid) // 2
    place = [0] * inner  # where a module of the layers lies among the reference lines
    for step in range(inner // 2):
        away = step + step // 15
        place[inner // 2 - step - 1], place[inner // 2 + step] = middle - away - 1, middle + away + 1
    found = list[bool]()
    for layer in range(layers):
        low, high, length = 2 * layer, inner - 1 - 2 * layer, 4 * (layers - layer) + 12
        along = [(place[low + step], place[high - step]) for step in range(length)]
        outer = [(place[low + deep], place[high - deep]) for deep in (0, 1)]
        found += [grid[forth][near] for forth, _ in along for near, _ in outer]
        found += [grid[far][forth] for forth, _ in along for _, far in outer]
        found += [grid[back][far] for _, back in along for _, far in outer]
        found += [grid[near][back] for _, back in along for near, _ in outer]
    return "".join("01"[bit] for bit in found)


def _unstuffed(bits: str, layers: int, words: int) -> Iterator[str]:
    size = 6 if layers <= 2 else 8 if layers <= 8 else 10 if layers <= 22 else 12
    start = len(bits) % size
    for place in range(start, start + words * size, size):
        word = bits[place : place + size]
        assert len(set(word)) == 2, "a word that cannot be"
        yield word[:-1] if len(set(word[:-1])) == 1 else word


def _text(bits: str) -> bytes:
    found, mode, back, at = bytearray(), "upper", "", 0
    while "0" in bits[at:] and at + (size := 4 if mode == "digit" else 5) <= len(bits):
        code, at = TABLES[mode][int(bits[at : at + size], 2)], at + size
        assert code is not None or mode != "punct", "an ECI, which no ticket's barcode has"
        mode, back = back or mode, ""
        if code == "bytes":
            count, at = int(bits[at : at + 5], 2), at + 5
            if count == 0:
                count, at = int(bits[at : at + 11], 2) + 31, at + 11
            found += bytes(int(bits[place : place + 8], 2) for place in range(at, at + 8 * count, 8))
            at += 8 * count
        elif code is None:
            mode, back = "punct", mode
        elif code.startswith("to ") or code.startswith("one "):
            if code.startswith("one "):
                back = mode
            mode = code.rpartition(" ")[2]
        else:
            found += code.encode("latin-1")
    return bytes(found)
