"""Who a client is: its address, as this process sees it or as a proxy that is trusted tells it.

Behind a proxy the proxy's address would be everybody's. Which proxies are trusted is a setting; the client is then the
right-most hop that is none of them. What stands left of it the client may have written itself, and it counts for
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

PREFIX_OF_A_HOME = 64
"""IPv6 gives a household a /64, of which it may use any address."""
MOST_HOPS = 10
"""Of a header that may be as long as a head; no chain of our own proxies is longer."""
UNKNOWN = "unknown"
"""All that have no address share one name."""
Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Proxies:
    """Those that are trusted: by their networks, or by how many stand before this process."""

    hops: int = 0
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Proxies":
        """`0`, `2`, or networks with blanks between: `10.1.0.0/16 fd00::/8`.

        Raises:
            ValueError.
        """
        words = text.replace(",", " ").split()
        if len(words) == 1 and words[0].isascii() and words[0].isdigit():
            if int(words[0][:3]) > MOST_HOPS:
                raise ValueError(f"more than {MOST_HOPS} proxies")
            return cls(hops=int(words[0][:3]))
        return cls(networks=tuple(ip_network(word) for word in words))

    def client(self, peer: str, told: Sequence[str]) -> str:
        """The right-most hop that is no proxy of ours.

        Args:
            peer: who connects.
            told: X-Forwarded-For.
        """
        if not self.hops and not self.networks:
            return peer
        chain = [*told[-MOST_HOPS:], peer]
        if self.hops:
            return chain[-min(self.hops + 1, len(chain))]
        return next((hop for hop in reversed(chain) if not self._is_ours(hop)), chain[0])

    def _is_ours(self, hop: str) -> bool:
        address = _parsed(hop)
        return address is not None and any(address in network for network in self.networks)


NO_PROXIES = Proxies()


def client_of(connection: HTTPConnection, proxies: Proxies) -> str:
    """The client's address; of IPv6 the household's. What a client writes itself into the header does not count."""
    peer = connection.client.host if connection.client else ""
    if proxies != NO_PROXIES:
        header = ",".join(connection.headers.getlist("x-forwarded-for"))
        told = [part.strip() for part in header.rsplit(",", MOST_HOPS)]
        peer = proxies.client(peer, [part for part in told if part])
    return _name(peer)


@lru_cache(maxsize=4096)
def _name(hop: str) -> str:
    """Kept for those who come again: reading an address takes 20 µs, a tenth of a small answer."""
    address = _parsed(hop)
    if address is None:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        return f"{int(address) >> 128 - PREFIX_OF_A_HOME:x}::"
    return str(address)


def _parsed(hop: str) -> Address | None:
    """Some proxies write a port behind the address. An IPv4 address inside of an IPv6 one is that IPv4 address."""
    text = hop.removeprefix("[").partition("]")[0]
    if text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
