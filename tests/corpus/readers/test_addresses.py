"""Only public hosts are asked, however their address is written."""

import pytest

from annotate.corpus.readers.addresses import is_public, place_of
from annotate.errors import SourceError


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1:8080/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "http://①②⑦.0.0.1/",
    ],
)
def test_hosts_that_are_not_public_are_refused(address: str) -> None:
    with pytest.raises(SourceError, match=r"is not a public address|is not found|not an address"):
        place_of(address, allow_private=False)


@pytest.mark.parametrize("numeric", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::808:808"])
def test_public_hosts_are_allowed(numeric: str) -> None:
    assert is_public(numeric)


def test_private_hosts_are_allowed_when_that_is_said() -> None:
    place = place_of("http://127.1:8080/a b?c=ü#d", allow_private=True)
    assert (place.hosts, place.port, place.target) == (("127.0.0.1",), 8080, "/a%20b?c=%C3%BC")


@pytest.mark.parametrize(
    "address", ["ftp://8.8.8.8/a", "file:///etc/passwd", "gopher://8.8.8.8/", "http://", "http://[::1"]
)
def test_only_addresses_of_the_web_are_fetched(address: str) -> None:
    with pytest.raises(SourceError, match=r"only addresses that begin|not an address"):
        place_of(address, allow_private=True)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(SourceError, match="leave name and password out") as caught:
        place_of("http://ann:secret@8.8.8.8/", allow_private=True)
    assert "secret" not in str(caught.value)
