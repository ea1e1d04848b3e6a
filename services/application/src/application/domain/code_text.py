"""The text of a code that somebody types: an alphabet without doubles, groups, and a check character. Pure.

Twelve characters of 32: eleven drawn (55 bits) and the last one calculated, over the field of 32 elements with a weight
of its own for each place. So every single wrong character and every exchange of two, also distant ones, is known as a
typing error, by public arithmetic: it says nothing of which codes there are.
"""

from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I. Small letters are the same."""
DRAWN = 11
LENGTH = DRAWN + 1
PICK_UP_LENGTH = 10
"""Nine drawn (45 bits): of a code that is good for a day, and typed on a phone by a child."""
GROUP = 4
LONGEST_TYPED = 40
"""Characters that are looked at."""
SEPARATORS = " -\u00a0\u2010\u2011\u2012\u2013\u2014\u2212._/"
_SIZE, _MODULUS = 32, 0b100101
"""x^5 + x^2 + 1, which is primitive: the powers of x are different for 31 places."""


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _MODULUS if doubled >= _SIZE else doubled


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one, other = _times_x(one), other >> 1
    return product


def _powers() -> tuple[int, ...]:
    found = [1]
    while len(found) < LENGTH:
        found.append(_times_x(found[-1]))
    return tuple(reversed(found))


WEIGHTS = _powers()
"""By place; the check character's is 1."""


def _sum(values: list[int], length: int) -> int:
    total = 0
    for weight, value in zip(WEIGHTS[LENGTH - length :], values, strict=False):
        total ^= _times(weight, value)
    return total


def draw_code(below: Callable[[int], int], length: int = LENGTH) -> str:
    """A code without groups.

    Args:
        below: a random number from 0 to one less than this; `secrets.randbelow`.
        length: in characters, with the one that is calculated.
    """
    drawn = [below(_SIZE) for _ in range(length - 1)]
    return "".join(ALPHABET[each] for each in (*drawn, _sum(drawn, length)))


def group_code(code: str) -> str:
    """As it is printed: ABCD-EFGH-JKLM; of ten characters ABCDE-FGHJK."""
    size = GROUP if len(code) % GROUP == 0 else len(code) // 2
    return "-".join(code[place : place + size] for place in range(0, len(code), size))


def read_code(typed: str, length: int = LENGTH) -> str | None:
    """The code without groups, however it was typed; None for what was typed wrong."""
    if len(typed) > LONGEST_TYPED:
        return None
    code = "".join(each for each in typed if each not in SEPARATORS and not each.isspace()).upper()
    if len(code) != length or any(each not in ALPHABET for each in code):
        return None
    return None if _sum([ALPHABET.index(each) for each in code], length) else code
