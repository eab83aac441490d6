"""Which requests, as bytes, meet every branch of what stands between a connection and the endpoint?"""

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations
from typing import Any, TypeAlias

from tests.servers import CAST, SIGN_IN, project_ids

Parts: TypeAlias = tuple[bytes, ...]  # each is sent once the one before it has been received
NAME = '{ district(code: "310115") { name } }'
LISTED = "query Listed { projects(first: 50) { nodes { id number title summary organization } } }"
SOME = "{ projects(first: 20) { nodes { id title summary } } }"
DEAR = "{ projects(first: 100) { nodes { campaign { a: results { asOf } b: results { asOf } } } } }"
DIGEST = hashlib.sha256(NAME.encode()).hexdigest()
JSON = b"Content-Type: application/json"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


def request(line: bytes, *headers: bytes, body: bytes | None = None, host: bytes | None = b"Host: x") -> bytes:
    """A request with this first line, and with a Content-Length where it has a body."""
    length = () if body is None else (b"Content-Length: %d" % len(body),)
    lines = line, *(() if host is None else (host,)), *headers, *length
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")


def post(body: Any, *headers: bytes, host: bytes | None = b"Host: x", version: bytes = b"1.1") -> bytes:
    """A POST to the endpoint: of bytes as they stand, else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return request(b"POST /graphql HTTP/" + version, JSON, *headers, body=content, host=host)


def ask(query: str = NAME, *headers: bytes, variables: Any = None, **more: Any) -> bytes:
    """A POST of an operation."""
    return post({"query": query, "variables": variables, **more}, *headers)


def bare(*headers: bytes, body: bytes = b'{"query": "{ __typename }"}') -> bytes:
    """A POST with none but these headers and the Host."""
    return request(b"POST /graphql HTTP/1.1", *headers) + body


def cast(token: str, numbers: Sequence[int], **more: Any) -> bytes:
    """A ballot."""
    given = {"input": {"projectIds": project_ids(numbers), **more}}
    return ask(CAST, b"Authorization: Bearer " + token.encode(), variables=given, operationName="Cast")


ACCEPT = (
    b"*/*",
    b"application/json",
    b"application/graphql-response+json",
    b"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8;q=0.9",
    b"application/json;q=0",
    b"application/*;q=0.1, text/html",
    b"text/html",
    b"text/event-stream;q=0.1, application/json",
    b"application/json, text/event-stream",
    b"Text/Event-Stream, */*;q=0.5",
    b"",
    b"APPLICATION/JSON",
    b"application/json, " + b"x/y, " * 60,
)
LANGUAGES = (
    b"en",
    b"zh-CN,zh;q=0.9,en;q=0.8",
    b"en_US.UTF-8",
    b"fr",
    b"zh;q=0",
    b"*;q=0.5, zh;q=0.1",
    b"",
    b"en;q=nan",
)
CONTENT_TYPES = (
    b"application/json; charset=utf-8",
    b'APPLICATION/JSON;charset="UTF8"',
    b"application/json; charset=latin1",
    b"text/plain",
    b"text/plain,application/json",
    b"application/x-www-form-urlencoded",
    b"",
    b"application/json; x=" + b"y" * 300,
)
AUTHORIZATIONS = (b"Bearer forged", b"Basic Zm9v", b"", b"Bearer", b"bearer  spaced ", b"Bearer " + b"x" * 5_000)
FORWARDED = (
    b"X-Forwarded-For: 198.51.100.7",
    b"X-Forwarded-For: 203.0.113.1, 198.51.100.7:4711, 127.0.0.9",
    b"X-Forwarded-For: garbage",
    b"X-Forwarded-For: 2001:db8::7",
    b"X-Forwarded-Proto: https",
    b"Forwarded: for=198.51.100.8;proto=https",
    b'Forwarded: for="[2001:db8::8]:80", for=127.0.0.3',
    b"Forwarded: for=unknown",
)
REQUEST_IDS = (b"X-Request-Id: 4bf92f35-77b3_4da6.1", b"X-Request-Id: two words", b"X-Request-Id: " + b"a" * 65)
ORIGINS = tuple(
    b"Origin: " + each for each in (b"https://vote.example.cn", b"HTTPS://VOTE.example.cn", b"null", b"http://x")
)
OTHERS = (
    b"Connection: close",
    b"Connection: keep-alive",
    b"Connection: Close, TE",
    b"Cookie: a=b",
    b"If-None-Match: *",
    b"Content-Encoding: identity",
    b"Content-Encoding: gzip",
    b"Expect: 100-continue",
    b"Expect: something",
    b"Upgrade: h2c",
    b"X-GraphQL-Event-Stream-Token: none",
    b"X-Odd: \xe9\xff",
    b"Access-Control-Request-Method: POST",
    *(b"Accept: " + each for each in ACCEPT),
    *(b"Accept-Language: " + each for each in LANGUAGES),
    *(b"Authorization: " + each for each in AUTHORIZATIONS),
    *FORWARDED,
    *REQUEST_IDS,
    *ORIGINS,
)
HOSTS = (None, b"Host:", b"Host: x:80", b"Host: a b", b"Host: X.", b"Host: www.example.cn", b"Host: [::1]:80")
BODIES = (
    b"",
    b"5",
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b"{",
    b'{"query": "{ __typename }", "variables": NaN}',
    b'{"query": "\xff"}',
    b"[" * 100_000,
    b'{"query": "{ __typename }", "extensions": ' + b"[" * 61 + b"]" * 61 + b"}",
    [{"query": NAME}] * 2,
    {"query": ""},
    {"query": 5},
    {"query": NAME, "variables": []},
    {"query": NAME, "operationName": "x" * 201},
    {"query": NAME, "operationName": "Unknown"},
    {"query": NAME, "extensions": []},
    {"query": f"query Named {NAME}", "operationName": "Named"},
    {"query": "{ unknown }"},
    {"query": "{ district(code: 5) { name } }"},
    {"query": "query ($x: Int!) { __typename }", "variables": {"x": "y"}},
    {"query": "subscription { resultsChanged { asOf } }"},
    {"query": "{ a: __typename " * 3},
    {"query": "{ " + " ".join(f"a{n}: __typename" for n in range(60)) + " }"},
    {"query": DEAR},
    {"query": LISTED},
    {"query": "{ projects(first: 200) { nodes { id summary summaryHtml: summary(format: HTML) } } }"},
    {"query": "{ viewer { id roles } }"},
    {"query": 'mutation { signIn(with: {guest: {name: ""}}) { token } }'},
    {"query": "{ __schema { types { name fields { name } } } }"},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
    {"query": NAME, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}},
    {"query": LISTED, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}},
    {"query": NAME, "extensions": {"persistedQuery": {"version": 2}}},
    {"query": NAME, "variables": {"x": "x" * 140_000}},
)


def usual_requests(token: str) -> Mapping[str, Parts]:
    """Requests as nearly everybody sends them; all go by the direct wire."""
    signed = b"Authorization: Bearer " + token.encode()
    return {
        "a query": (ask(),),
        "the same again": (ask(),),
        "not compressed yet": (ask(SOME, b"Accept-Encoding: gzip, br"),),
        "compressed": (ask(SOME, b"Accept-Encoding: gzip, br"),),
        "compressed again": (ask(SOME, b"Accept-Encoding: gzip"),),
        "of a viewer": (ask("{ viewer { id } }", signed),),
        "in English": (ask("{ unknown }", b"Accept-Language: en"),),
        "of a new form": (ask("{ unknown }", b"Accept: application/graphql-response+json"),),
        "from a page": (ask(NAME, b"Origin: https://vote.example.cn", b"User-Agent: x", b"Cookie: a=b"),),
        "the last one": (ask(NAME, b"Connection: close"),),
        "too few choices": (cast(token, [1]),),
        "a ballot": (cast(token, range(1, 11), idempotencyKey="one"),),
        "a retry": (cast(token, range(1, 11), idempotencyKey="one"),),
        "a key used again": (cast(token, range(2, 12), idempotencyKey="one"),),
        "a second ballot": (cast(token, range(1, 11)),),
        "a forged token": (cast("forged", range(1, 11)),),
        "no JSON": (post(b"{"),),
        "an empty body": (post(b""),),
        "a head, then a body": (ask()[:-10], ask()[-10:]),
        "byte by byte": tuple(bytes([each]) for each in ask()),
        "a body in three parts": (ask(LISTED)[:-60], ask(LISTED)[-60:-30], ask(LISTED)[-30:]),
    }  # fmt: skip


def unusual_requests() -> Iterator[tuple[str, Parts]]:
    """Requests of every other kind."""
    large = request(b"POST /graphql HTTP/1.1", JSON, b"Content-Length: 200000")
    lines = {
        "GET": b"GET /graphql?query=%7B__typename%7D HTTP/1.1",
        "GET of a public answer": b"GET /graphql?query=%7Bcampaign%7Btitle%7D%7D HTTP/1.1",
        "GET of a mutation": b"GET /graphql?query=mutation%7BsignOut%7B__typename%7D%7D HTTP/1.1",
        "GET of nothing": b"GET /graphql HTTP/1.1",
        "HEAD": b"HEAD /graphql HTTP/1.1",
        "PUT": b"PUT /graphql HTTP/1.1",
        "DELETE": b"DELETE /graphql HTTP/1.1",
        "OPTIONS": b"OPTIONS /graphql HTTP/1.1",
        "another path": b"POST /nothing HTTP/1.1",
        "a slash more": b"POST /graphql/ HTTP/1.1",
        "a query string": b"POST /graphql?x=1 HTTP/1.1",
        "an absolute URL": b"POST http://y/graphql HTTP/1.1",
        "a fragment": b"POST /graphql#x HTTP/1.1",
        "an old client": b"POST /graphql HTTP/1.0",
        "a strange version": b"POST /graphql HTTP/3.7",
        "no HTTP": b"hello",
    }
    for name, line in lines.items():
        yield name, (request(line, JSON, b"Accept: */*", body=b'{"query": "{ __typename }"}'),)
    yield "a preflight", (request(b"OPTIONS /graphql HTTP/1.1", ORIGINS[0], b"Access-Control-Request-Method: POST"),)
    yield "an old client that stays", (post({"query": NAME}, b"Connection: keep-alive", version=b"1.0"),)
    yield (
        "chunks",
        (bare(JSON, b"Transfer-Encoding: chunked", body=b'c\r\n{"query": "{\r\nd\r\n __typename}"}\r\n0\r\n\r\n'),),
    )
    yield "gzipped chunks", (bare(JSON, b"Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),)
    for length in (b"x", b"-1", b"+5", b"027", b"9999999999", b"9" * 21, b"27\r\nContent-Length: 27", b"200000"):
        yield f"length {length!r}", (bare(JSON, b"Content-Length: " + length),)
    yield "no length", (bare(JSON, body=b""),)
    yield "a body too large, of which nothing comes", (large,)
    yield "a head too large", (ask(NAME, b"X-Large: " + b"x" * 40_000),)
    yield "too many headers", (ask(NAME, *(b"X-%d: y" % n for n in range(120))),)
    yield "a bad header", (ask(NAME, b"no colon"),)
    yield "asked for its body", (request(b"POST /graphql HTTP/1.1", JSON, b"Expect: 100-continue", body=b"{}"),)
    yield "two pipelined", (ask() + ask(LISTED),)
    yield "three pipelined, of which the second closes", (ask() + ask(NAME, b"Connection: close") + ask(LISTED),)
    yield "pipelined with others", (HEALTH + ask() + HEALTH + ask("{ unknown }") + request(b"GET / HTTP/1.1"),)
    yield "one and a half", (ask() + ask(LISTED)[:40], ask(LISTED)[40:])
    yield "one after another", (ask(), ask(LISTED), ask())
    yield "one and garbage", (ask() + b"\x00garbage\r\n\r\n",)
    yield "one, then garbage", (ask(), b"\x00garbage\r\n\r\n")
    yield "one with too long a body", (ask() + b"more",)
    yield "new lines first", (b"\r\n\r\n" + ask(),)
    for host in HOSTS:
        yield f"{host!r}", (post({"query": NAME}, host=host),)
    for content_type in CONTENT_TYPES:
        yield f"type {content_type!r}", (bare(b"Content-Type: " + content_type, b"Content-Length: 27"),)
    yield "no type", (bare(b"Content-Length: 27"),)
    for place, body in enumerate(BODIES):
        yield f"body {place} {str(body)[:40]}", (post(body),)
        yield (
            f"body {place} {str(body)[:40]}, otherwise",
            (post(body, b"Accept: application/graphql-response+json", LANGUAGE),),
        )
    for header in OTHERS:
        yield f"{header!r}", (ask(NAME, header),)
    for first, second in chain(combinations(OTHERS[12:17], 2), combinations(FORWARDED, 2)):
        yield f"{first!r} and {second!r}", (ask(NAME, first, second),)


LANGUAGE = b"Accept-Language: en"


def generated_requests(number: int) -> Iterator[tuple[str, Parts]]:
    """So many requests of random headers and bodies, some in two parts."""
    chance = random.Random(20170322)
    for each in range(number):
        headers = chance.sample(OTHERS, chance.randint(0, 6))
        message = post(chance.choice(BODIES), *headers, host=chance.choice((b"Host: x",) * 8 + HOSTS))
        cut = chance.choice([0, 0, chance.randrange(len(message))])
        yield f"generated {each}", tuple(part for part in (message[:cut], message[cut:]) if part)


def limited_requests(token: str) -> Iterator[tuple[str, Parts]]:
    """More requests than an address and a voter may send, of strangers to the server's host, and of those who ask much."""
    signed = b"Authorization: Bearer " + token.encode()
    for number in range(6):
        yield f"a voter {number}", (ask("{ viewer { id } }", signed, FORWARDED[0]),)
    for number in range(4):
        yield f"who asks much {number}", (ask(DEAR, signed, b"X-Forwarded-For: 198.51.100.60"),)
        yield f"who signs in {number}", (ask(SIGN_IN, b"X-Forwarded-For: 198.51.100.61", variables={"name": "Lin"}),)
    for number in range(14):
        yield f"an address {number}", (ask(NAME, *ORIGINS[:1], *((LANGUAGE,) if number % 2 else ())),)
    yield "refused by its head alone", (ask()[:-10], ask()[-10:])
    yield "refused, and the last one", (ask(NAME, b"Connection: close"),)
    yield "refused in another form", (ask(NAME, b"Accept: application/graphql-response+json", REQUEST_IDS[0]),)
    yield "a strange host", (post({"query": NAME}, FORWARDED[1], host=b"Host: evil.example"),)
    yield "a strange host, slowly", (post({"query": NAME}, FORWARDED[3], host=b"Host: evil.example")[:-5], b'""}  ')
