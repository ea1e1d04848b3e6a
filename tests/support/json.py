"""JSON, and CBOR, as a test walks it: what lies at a place is read by its kind, and another kind fails there."""

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Protocol


class Json(Protocol):
    """A place in a document that was read. It is walked and compared; `text`, `number`, `whole` and `octets` read a value."""

    def __getitem__(self, key: str | int, /) -> "Json": ...
    def __setitem__(self, key: str | int, value: object, /) -> None: ...
    def __delitem__(self, key: str | int, /) -> None: ...
    def __or__(self, other: Mapping[str, object], /) -> dict[str, object]: ...
    def __iter__(self) -> Iterator["Json"]: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def get(self, key: str | int, default: object = None, /) -> "Json": ...
    def pop(self, key: str | int, /) -> "Json": ...
    def keys(self) -> KeysView[str]: ...
    def values(self) -> ValuesView["Json"]: ...
    def items(self) -> ItemsView[str, "Json"]: ...


JsonObject = dict[str, Json]


def walked(value: object) -> Json:
    """What was read, to be walked."""
    return value  # type: ignore[return-value]  # each step and each reader fails where it is something else


def text(value: object) -> str:
    """A text."""
    assert isinstance(value, str), f"no text: {value!r}"
    return value


def number(value: object) -> float:
    """A number, whole or not; true and false are none."""
    assert isinstance(value, int | float) and not isinstance(value, bool), f"no number: {value!r}"
    return value


def whole(value: object) -> int:
    """A whole number."""
    assert isinstance(value, int) and not isinstance(value, bool), f"no whole number: {value!r}"
    return value


def flag(value: object) -> bool:
    """True or false."""
    assert isinstance(value, bool), f"neither true nor false: {value!r}"
    return value


def octets(value: object) -> bytes:
    """Bytes, which CBOR has and JSON has not."""
    assert isinstance(value, bytes), f"no octets: {value!r}"
    return value


def texts(value: object) -> list[str]:
    """A list of texts."""
    assert isinstance(value, list), f"no list: {value!r}"
    return [text(each) for each in value]


def listed(value: object) -> list[object]:
    """A list whose values are yet to be read."""
    assert isinstance(value, list), f"no list: {value!r}"
    return value


def mapping(value: object) -> dict[str, object]:
    """An object whose values are yet to be read; nothing is an empty one."""
    assert value is None or isinstance(value, dict), f"no object: {value!r}"
    return {} if value is None else value
