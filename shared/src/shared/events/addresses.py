"""Names and addresses of people, as events tell them."""

from shared.events.base import Fact, later_field


class Person(Fact):
    first_name: str
    """May be empty: some people bear one name only."""
    last_name: str


class HomeAddress(Fact):
    street: str
    house_number: str
    postal_code: str
    city: str
    flat: str | None = later_field()
    """Flat, floor or addition: for letters; nothing is measured by it."""
