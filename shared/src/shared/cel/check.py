"""Whether a condition can be used: bounded in length and work, and of known names and types."""

from collections.abc import Mapping

from shared.cel.compiler import Compiler, ConditionMistake
from shared.cel.guard import Refused, comprehensions, flatten_lists
from shared.errors import Text

LONGEST_CONDITION = 500
"""Characters."""


def mistake_in(when: str, compiler: Compiler, lists: Mapping[str, Mapping[str, str]]) -> ConditionMistake | None:
    """What is wrong with a condition, where, and what to do; None where it can be used.

    Args:
        lists: of what it may ask `exists` and the like, with the parts of a member, each with its type in CEL; ""
            names the member itself.
    """
    if len(when) > LONGEST_CONDITION:
        return ConditionMistake(
            1,
            1,
            Text(
                f"Die Bedingung ist länger als {LONGEST_CONDITION} Zeichen. Teilen Sie sie auf.",
                f"The condition is longer than {LONGEST_CONDITION} characters. Split it.",
            ),
        )
    try:
        found = list(comprehensions(when, tuple(lists)))
    except Refused as refused:
        before = when[: refused.place]
        return ConditionMistake(before.count("\n") + 1, len(before) - before.rfind("\n"), refused.text)
    for each in (when, flatten_lists(when, found)):
        variables = {
            f"{one.variable}.{name}".rstrip("."): kind for one in found for name, kind in lists[one.over].items()
        }
        mistake = compiler.mistake(each, variables if each is not when else {})
        if mistake is not None:
            return mistake
    return None
