"""Records made from the values that a test names: the record itself refuses a name that it has not."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Made = TypeVar("Made")
Record = TypeVar("Record", bound="DataclassInstance")


def make(kind: Callable[..., Made], /, *parts: object, **values: object) -> Made:
    """What `kind` makes of these: `kind(*parts, **values)`, where the values are known only when it runs."""
    return kind(*parts, **values)


def changed(record: Record, /, **values: object) -> Record:
    """This dataclass with other values."""
    copy: Callable[..., Record] = replace
    return copy(record, **values)
