"""The addresses of a broker: of one server, or of all of a cluster's, so that a service starts while some are away."""

from collections.abc import Sequence
from urllib.parse import urlsplit

MOST_ADDRESSES = 16
"""No cluster of ours has more than five servers."""


def read_addresses(text: str) -> Sequence[str]:
    """`nats://a:4222,nats://b:4222`, with commas or blanks between.

    Raises:
        ValueError: there is none, one stands twice, or some speak TLS and others do not: a service would then say in
            clear to one what it must say under TLS to another.
    """
    found = text.replace(",", " ").split()
    if not 0 < len(found) <= MOST_ADDRESSES:
        raise ValueError(f"name between one and {MOST_ADDRESSES} addresses, with commas between")
    if len(set(found)) != len(found):
        raise ValueError("an address stands there twice")
    if len({urlsplit(each).scheme for each in found}) != 1:
        raise ValueError("either all addresses begin with tls://, or none does")
    return found
