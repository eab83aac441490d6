"""Is a caller's address believed from trusted proxies alone, and are the many addresses of one subscriber one?"""

from ipaddress import ip_network

import pytest

from api.addresses import rate_limit_address
from api.middleware.client_address import Proxies

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "fd00::/8", "192.0.2.1/32")))


def origin(proxies: Proxies, peer: str, lines: list[tuple[bytes, bytes]]) -> tuple[str, str]:
    return proxies.origin(peer, "http", lines, dict(lines))


def by_xff(peer: str, header: str | None, proto: str | None = None) -> tuple[str, str]:
    said = {b"x-forwarded-for": header, b"x-forwarded-proto": proto}
    return origin(Proxies(TRUSTED), peer, [(name, text.encode()) for name, text in said.items() if text])


@pytest.mark.parametrize(
    ("peer", "header", "caller"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9, 192.0.2.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.1, garbage", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, garbage, 10.0.0.7", "10.0.0.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("fd00::1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1:port", "10.0.0.1"),
        ("10.0.0.1", "1.1.1.1,", "10.0.0.1"),
        ("10.0.0.1", '"1.1.1.1, 198.51.100.1"', "10.0.0.1"),
        ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", ", ".join(["1.1.1.1"] * 10_000), "1.1.1.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_rightmost_address_that_is_no_proxy_of_ours_is_the_callers(
    peer: str, header: str | None, caller: str
) -> None:
    assert by_xff(peer, header)[0] == caller


@pytest.mark.parametrize(
    ("peer", "proto", "scheme"),
    [
        ("10.0.0.1", "https", "https"),
        ("10.0.0.1", "http, HTTPS", "https"),
        ("10.0.0.1", "ftp", "http"),
        ("203.0.113.9", "https", "http"),
    ],
)
def test_the_scheme_is_believed_from_proxies_alone(peer: str, proto: str, scheme: str) -> None:
    assert by_xff(peer, None, proto)[1] == scheme


@pytest.mark.parametrize(
    ("header", "caller", "scheme"),
    [
        ("for=198.51.100.1;proto=https;by=203.0.113.43", "198.51.100.1", "https"),
        ('for=1.1.1.1, For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17", "http"),
        ("for=unknown", "10.0.0.1", "http"),
        ("for=1.1.1.1, for=_hidden", "10.0.0.1", "http"),
        ("", "10.0.0.1", "http"),
        ('FOR="198.51.100.1";Proto=HTTPS;by="_p"', "198.51.100.1", "https"),
        ('for="198.51.100.\\1" ; proto="ht\\tps"', "198.51.100.1", "https"),
        ('for=1.1.1.1;proto=https,for="198.51.100.1:_x";host="a,b;c"', "198.51.100.1", "http"),
        ("for=198.51.100.1;proto=https, for=10.0.0.2;proto=http", "198.51.100.1", "https"),
        ("for=1.1.1.1;proto=https, for=198.51.100.1;proto=http, for=10.0.0.2", "198.51.100.1", "http"),
        ("for=1.1.1.1;proto=https, proto=http;by=203.0.113.43", "10.0.0.1", "http"),
        ("for=1.1.1.1, for=_hidden;proto=https", "10.0.0.1", "https"),
        (", for=198.51.100.1,;, ", "198.51.100.1", "http"),
        ("for=198.51.100.1;;proto=https;", "198.51.100.1", "https"),
    ],
)
def test_proxies_may_write_the_standard_header_instead(header: str, caller: str, scheme: str) -> None:
    said = [(b"forwarded", header.encode())]
    assert origin(Proxies(TRUSTED, forwarded=True), "10.0.0.1", said) == (caller, scheme)


@pytest.mark.parametrize(
    ("header", "caller"),
    [
        ('for=1.2.3.4;host="x;for=6.6.6.6"', "1.2.3.4"),
        ('for=1.2.3.4;host="x, for=6.6.6.6"', "1.2.3.4"),
        ('for=1.2.3.4;host="x\\";for=6.6.6.6;y=\\""', "1.2.3.4"),
        ('for=1.2.3.4;host="x\\\\";proto=https', "1.2.3.4"),
        ('x="for=6.6.6.6", for=1.2.3.4', "1.2.3.4"),
        ("xfor=6.6.6.6;for=1.2.3.4", "1.2.3.4"),
        ("for=1.2.3.4;by=6.6.6.6", "1.2.3.4"),
    ],
)
def test_what_stands_in_quotes_is_no_address(header: str, caller: str) -> None:
    said = [(b"forwarded", header.encode())]
    assert origin(Proxies(TRUSTED, forwarded=True), "10.0.0.1", said)[0] == caller


@pytest.mark.parametrize(
    "header",
    [
        'for="6.6.6.6, for=1.2.3.4;proto=https',
        'for=6.6.6.6;x=", for="[2001:db8::7]:4711";proto=https',
        'for=1.2.3.4;host="x";for=6.6.6.6;proto=https;y="z"',
        "for=1.2.3.4;FOR=6.6.6.6;proto=https",
        "for=1.2.3.4;proto=https;proto=https",
        "for = 1.2.3.4;proto=https",
        "for=1.2.3.4 for=6.6.6.6;proto=https",
        "for=1.2.3.4:80;proto=https",
        "for=[2001:db8::7];proto=https",
        "for=;proto=https",
        "for;proto=https",
        "6.6.6.6;proto=https",
        'for="1.2.3.4"x;proto=https',
        'for="1.2.3.4;proto=https\\"',
    ],
)
def test_a_malformed_header_says_nothing(header: str) -> None:
    said = [(b"forwarded", header.encode())]
    assert origin(Proxies(TRUSTED, forwarded=True), "10.0.0.1", said) == ("10.0.0.1", "http")


@pytest.mark.parametrize(
    "node", ["2001:db8::7", "1.2.3.4:port", "1.2.3.4:123456", "[1.2.3.4", "1.2.3", "[::1]x", "a.cn", ""]
)
def test_what_is_no_node_is_no_address(node: str) -> None:
    said = [(b"forwarded", f'for="{node}";proto=https'.encode())]
    assert origin(Proxies(TRUSTED, forwarded=True), "10.0.0.1", said) == ("10.0.0.1", "https")


def test_a_malformed_line_of_the_callers_does_not_hide_the_proxys() -> None:
    lines = [(b"forwarded", b'for="6.6.6.6'), (b"forwarded", b"for=198.51.100.1;proto=https")]
    assert origin(Proxies(TRUSTED, forwarded=True), "10.0.0.1", lines) == ("198.51.100.1", "https")


def test_a_long_header_is_read_as_a_short_one_is() -> None:
    """Its end alone could be read with the quotes the wrong way round."""
    for filling in ('a="' + "x" * 2000 + ';for=6.6.6.6;y=", ', "for=6.6.6.6, " * 2000):
        said = [(b"forwarded", f'{filling}for=198.51.100.1;host="x"'.encode())]
        assert origin(Proxies(TRUSTED, forwarded=True), "10.0.0.1", said)[0] == "198.51.100.1"


def test_what_a_proxy_adds_on_a_line_of_its_own_stands_right_of_what_the_caller_wrote() -> None:
    lines = [
        (b"x-forwarded-for", b"1.1.1.1"),
        (b"x-forwarded-proto", b"https"),
        (b"accept", b"*/*"),
        (b"x-forwarded-for", b"198.51.100.1, 10.0.0.2"),
        (b"x-forwarded-proto", b"http"),
        (b"x-forwarded-for", b"192.0.2.1"),
    ]
    assert origin(Proxies(TRUSTED), "10.0.0.1", lines) == ("198.51.100.1", "http")
    standard = [(b"forwarded", b"for=1.1.1.1;proto=https"), (b"forwarded", b"for=198.51.100.1;proto=http")]
    assert origin(Proxies(TRUSTED, forwarded=True), "10.0.0.1", standard) == ("198.51.100.1", "http")


def test_nobody_is_trusted_unless_said_so() -> None:
    said = [(b"x-forwarded-for", b"198.51.100.1"), (b"x-forwarded-proto", b"https")]
    assert origin(Proxies(()), "127.0.0.1", said) == ("127.0.0.1", "http")


def test_what_strangers_and_long_headers_say_is_not_kept() -> None:
    proxies = Proxies(TRUSTED)
    for peer, header in (("203.0.113.9", b"1.1.1.1"), ("10.0.0.1", b"198.51.100.1, " * 100)):
        origin(proxies, peer, [(b"x-forwarded-for", header)])
    assert proxies.cached_origin.cache_info().currsize == 0
    origin(proxies, "10.0.0.1", [(b"x-forwarded-for", b"198.51.100.1")])
    assert proxies.cached_origin.cache_info().currsize == 1


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("a socket", "a socket"),
    ],
)
def test_an_ipv6_subscriber_is_one_caller(address: str, key: str) -> None:
    assert rate_limit_address(address) == key
