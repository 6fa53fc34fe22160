"""Addresses of the network: what may be asked for, and where it leads."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from annotate.errors import SourceError

_PORTS = {"http": 80, "https": 443}
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: networks without IPv4 name its hosts so


class PrivateAddressError(SourceError):
    """An address leads to this machine or into a private network."""


class Place(NamedTuple):
    """Where a request goes: ``hosts`` are the host's numeric addresses, of which any may be connected to."""

    scheme: str
    host: str
    port: int
    target: str
    hosts: tuple[str, ...]

    @property
    def origin(self) -> str:
        """The address without its path; the port is left out where it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port != _PORTS[self.scheme] else "")


def place_of(address: str, *, allow_private: bool) -> Place:
    """Take an address apart and resolve its host.

    The caller connects to ``hosts`` and resolves nothing again, so that what was checked is what is connected to.

    Raises:
        PrivateAddressError: A numeric address of the host is not a public one.
        SourceError: It is no address of http or https, holds a password, or its host is not found.
    """
    try:
        url = parse_url(address)
    except LocationParseError as error:
        raise SourceError(f"{address}: not an address; check how it is written") from error
    if url.scheme not in _PORTS or not url.host:
        raise SourceError(f"{address}: only addresses that begin with http:// or https:// are fetched")
    if url.auth:
        raise SourceError(f"{url._replace(auth=None)}: leave name and password out of the address")
    host = url.host.strip("[]")
    port = url.port or _PORTS[url.scheme]
    hosts = _resolved(host, port, address)
    private = next((numeric for numeric in hosts if not is_public(numeric)), None)
    if private and not allow_private:
        raise PrivateAddressError(
            f"{address}: leads to {private}, which is not a public address; allow it with --allow-private"
        )
    return Place(url.scheme, host, port, url.request_uri, hosts)


def is_public(numeric: str) -> bool:
    """Tell whether a numeric address is one of the public internet, also one inside another address."""
    address = ip_address(numeric.partition("%")[0])
    if isinstance(address, IPv4Address):
        return _is_public_host(address)
    inner = _inner(address)
    if inner:
        return _is_public_host(inner)
    return address in _GLOBAL_UNICAST and _is_public_host(address)


def _is_public_host(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address for which one of IPv6 stands, as a tunnel or a translation."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _resolved(host: str, port: int, address: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{address}: the host '{host}' is not found; check the address and the network") from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
