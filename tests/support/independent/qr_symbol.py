"""A QR code read module by module (ISO/IEC 18004), without its error correction: one wrong module is a wrong letter.

Versions 7 to 20 at levels M and Q, letters of base45 or bytes: what tickets need.
"""

from collections.abc import Callable, Iterator, Sequence

Grid = Sequence[Sequence[bool]]
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
M, Q = 0, 3
CHECK_WORDS = {
    M: (18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26),
    Q: (18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30),
}
"""In each block, from version 7 on."""
BLOCKS = {
    M: (4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16),
    Q: (6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20),
}
MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _: y % 2 == 0,
    lambda _, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)


def read_qr(grid: Grid) -> str:
    """What the symbol holds.

    Raises:
        AssertionError: it is none.
    """
    side = len(grid)
    version = (side - 17) // 4
    assert 7 <= version <= 20 and side == 17 + 4 * version, "no size of a QR code that is read here"
    said = [grid[8][x] for x in (0, 1, 2, 3, 4)]
    level_and_mask = int("".join("01"[bit] for bit in said), 2) ^ 0b10101
    level, mask = level_and_mask >> 3, MASKS[level_and_mask & 7]
    assert level in CHECK_WORDS, "a level that is not read here"
    bits = "".join("01"[grid[y][x] != mask(y, x)] for y, x in _way(side, version))
    words = [int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)]
    data = _in_order(words, CHECK_WORDS[level][version - 7], BLOCKS[level][version - 7])
    return _text("".join(f"{word:08b}" for word in data), version)


def _way(side: int, version: int) -> Iterator[tuple[int, int]]:
    """Upwards and downwards in pairs of columns from the right, around what is no data."""
    taken, upwards = _taken(side, version), True
    for right in [*range(side - 1, 6, -2), *range(5, 0, -2)]:
        for y in reversed(range(side)) if upwards else range(side):
            yield from ((y, x) for x in (right, right - 1) if (y, x) not in taken)
        upwards = not upwards


def _taken(side: int, version: int) -> set[tuple[int, int]]:
    count = version // 7 + 2
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    middles = [6, *sorted(side - 7 - step * number for number in range(count - 1))]
    corners = {(6, 6), (6, side - 7), (side - 7, 6)}
    found = {(6, at) for at in range(side)} | {(at, 6) for at in range(side)}
    for y0, x0, height, width in ((0, 0, 9, 9), (0, side - 8, 9, 8), (side - 8, 0, 8, 9), (0, side - 11, 6, 3)):
        found |= {(y0 + y, x0 + x) for y in range(height) for x in range(width)}
    found |= {(side - 11 + y, x) for y in range(3) for x in range(6)}
    for middle in ((y, x) for y in middles for x in middles if (y, x) not in corners):
        found |= {(middle[0] + y, middle[1] + x) for y in range(-2, 3) for x in range(-2, 3)}
    return found


def _in_order(words: list[int], check_words: int, blocks: int) -> list[int]:
    """Words of the blocks take turns; the last blocks may have one more."""
    short, longer = divmod(len(words) - check_words * blocks, blocks)
    found: list[list[int]] = [[] for _ in range(blocks)]
    at = 0
    for number in range(short + (longer > 0)):
        for block in range(blocks if number < short else longer):
            found[block if number < short else blocks - longer + block].append(words[at])
            at += 1
    return [word for block in found for word in block]


def _text(bits: str, version: int) -> str:
    at, text = 0, ""
    while (mode := int(bits[at : at + 4] or "0", 2)) != 0:
        assert mode in (2, 4), "a mode that is not read here"
        width = (9 if version < 10 else 11) if mode == 2 else 8 if version < 10 else 16
        count, at = int(bits[at + 4 : at + 4 + width], 2), at + 4 + width
        if mode == 4:
            text += bytes(int(bits[at + 8 * each : at + 8 * each + 8], 2) for each in range(count)).decode()
            at += 8 * count
            continue
        for size in [11] * (count // 2) + [6] * (count % 2):
            value, at = int(bits[at : at + size], 2), at + size
            text += LETTERS[value // 45] + LETTERS[value % 45] if size == 11 else LETTERS[value]
    return text
