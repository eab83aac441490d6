"""Is an ID token believed only when everything about it is right, by our clock, and with the issuer's own keys?"""

import asyncio
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from api.domain.errors import ApiError, ErrorCode
from api.domain.people.identity import ExternalIdentity, IdToken, Role
from api.identity.http_client import ProviderClient
from api.identity.jwks import CACHE_TTL, REFETCH_INTERVAL
from api.identity.oidc import OidcProvider
from api.identity.oidc_config import Issuer
from api.identity.sign_in_errors import SignInError, sign_in_error
from tests.standins import FAULTS
from tests.standins.issuer import CLIENT, MORNING, IssuerStandIn, SigningKey, private_key

SECOND = timedelta(seconds=1)
AT = int(MORNING.timestamp())


class Way:
    """Signing in at the stand-in, under a declaration that may be changed."""

    def __init__(self, issuer: IssuerStandIn, provider_client: ProviderClient, **declared: Any) -> None:
        self.issuer = issuer
        given = {"name": "city", "issuer": issuer.url, "audiences": [CLIENT], **declared}
        self.provider = OidcProvider([Issuer.model_validate(given)], provider_client)

    async def enter(self, token: str | None = None, nonce: str | None = None, at: Any = MORNING, **claims: Any):
        sent = IdToken("city", self.issuer.token(**claims) if token is None else token, nonce)
        return await self.provider.authenticate(sent, at)

    async def refused(self, *arguments: Any, **claims: Any) -> ApiError:
        with pytest.raises(ApiError) as refused:
            await self.enter(*arguments, **claims)
        return refused.value

    async def reason(self, *arguments: Any, **claims: Any) -> object:
        return (await self.refused(*arguments, **claims)).details["reason"]


@pytest.fixture
def way(issuer: IssuerStandIn, provider_client: ProviderClient) -> Way:
    return Way(issuer, provider_client)


async def test_a_person_is_known_by_their_subject_within_the_issuer(way: Way) -> None:
    assert await way.enter() == ExternalIdentity(way.issuer.url, "subject-of-lin")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
@pytest.mark.parametrize("kid", ["a key", None], ids=["named", "nameless"])
async def test_three_algorithms_are_spoken(way: Way, algorithm: str, kid: str | None) -> None:
    way.issuer.keys = [SigningKey(kid, algorithm, private_key(algorithm))]
    assert await way.enter()


async def test_a_token_without_a_key_id_is_refused_where_there_are_two_such_keys(way: Way) -> None:
    way.issuer.keys.append(SigningKey("second", "RS256", private_key("RS256", number=2)))
    nameless = SigningKey(None, "RS256", way.issuer.keys[0].private)
    assert await way.reason(way.issuer.token(nameless)) == "KEY_UNKNOWN"


async def test_a_token_without_a_signature_is_refused(way: Way) -> None:
    assert await way.reason(way.issuer.unsigned()) == "TOKEN_INVALID"
    assert not way.issuer.asked


async def test_a_public_key_is_no_secret_to_sign_with(way: Way) -> None:
    assert await way.reason(way.issuer.signed_with_the_public_key()) == "TOKEN_INVALID"


@pytest.mark.parametrize("algorithm", ["PS256", "RS512"])
async def test_other_algorithms_are_not_spoken(way: Way, algorithm: str) -> None:
    token = jwt.encode(way.issuer.claims(), way.issuer.keys[0].private, algorithm, {"kid": "first"})
    assert await way.reason(token) == "TOKEN_INVALID"


async def test_a_key_serves_its_own_algorithm_alone(way: Way) -> None:
    token = way.issuer.token(SigningKey("first", "ES256", private_key("ES256")))
    assert await way.reason(token) == "KEY_UNKNOWN"


async def test_anothers_signature_is_refused(way: Way) -> None:
    forged = way.issuer.token(SigningKey("first", "RS256", private_key("RS256", number=9)))
    assert await way.reason(forged) == "TOKEN_INVALID"


async def test_a_changed_token_is_refused(way: Way) -> None:
    header, _, signature = way.issuer.token().split(".")
    other = way.issuer.token(sub="subject-of-fang").split(".")[1]
    assert await way.reason(f"{header}.{other}.{signature}") == "TOKEN_INVALID"


@pytest.mark.parametrize(
    "token",
    ["", "x", "..", "a.b.c", "\ud800", "号码", "x" * 20_000, "W1tb" * 3_000 + ".e30.", "e30.e30.e30", "bnVsbA.e30."],
)
async def test_what_is_no_token_is_refused_without_asking_anybody(way: Way, token: str) -> None:
    assert await way.reason(token) == "TOKEN_INVALID"
    assert not way.issuer.asked


@pytest.mark.parametrize("header", [{"crit": ["new"]}, {"kid": 5}, {"crit": "x"}])
async def test_a_header_that_cannot_be_honoured_is_refused(way: Way, header: dict[str, Any]) -> None:
    body = jwt.api_jws.PyJWS()
    body._validate_headers = lambda *_, **__: None  # type: ignore[method-assign]
    token = body.encode(b"{}", way.issuer.keys[0].private, "RS256", {"kid": "first"} | header)
    assert await way.reason(token) == "TOKEN_INVALID"


@pytest.mark.parametrize("kind", ["at+jwt", "logout+jwt", "application/at+jwt", 5])
async def test_what_says_it_is_another_kind_of_token_is_refused(way: Way, kind: object) -> None:
    assert await way.reason(way.issuer.token(header={"typ": kind})) == "TOKEN_INVALID"


@pytest.mark.parametrize("kind", ["JWT", "jwt", None])
async def test_a_token_need_not_say_that_it_is_one(way: Way, kind: object) -> None:
    assert await way.enter(way.issuer.token(header={"typ": kind}))


@pytest.mark.parametrize("payload", [b"[]", b"null", b'"x"', b"{", b"[" * 5000, b"\xff"])
async def test_claims_that_are_no_object_are_refused(way: Way, payload: bytes) -> None:
    token = jwt.api_jws.PyJWS().encode(payload, way.issuer.keys[0].private, "RS256", {"kid": "first"})
    assert await way.reason(token) == "TOKEN_INVALID"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"iss": None}, "TOKEN_NOT_FOR_US"),
        ({"iss": "https://another.example"}, "TOKEN_NOT_FOR_US"),
        ({"iss": ["https://another.example"]}, "TOKEN_NOT_FOR_US"),
        ({"aud": None}, "TOKEN_NOT_FOR_US"),
        ({"aud": "another"}, "TOKEN_NOT_FOR_US"),
        ({"aud": []}, "TOKEN_NOT_FOR_US"),
        ({"aud": [CLIENT, "another"], "azp": CLIENT}, "TOKEN_NOT_FOR_US"),
        ({"aud": {"a": CLIENT}}, "TOKEN_NOT_FOR_US"),
        ({"azp": "another"}, "TOKEN_NOT_FOR_US"),
        ({"azp": [CLIENT]}, "TOKEN_NOT_FOR_US"),
        ({"typ": "Bearer"}, "TOKEN_NOT_FOR_US"),
        ({"sub": None}, "CLAIM_REFUSED"),
        ({"sub": ""}, "CLAIM_REFUSED"),
        ({"sub": 17}, "CLAIM_REFUSED"),
        ({"sub": "x" * 256}, "CLAIM_REFUSED"),
        ({"sub": "方"}, "CLAIM_REFUSED"),
        ({"sub": "a\0b"}, "CLAIM_REFUSED"),
        ({"exp": None}, "CLAIM_REFUSED"),
        ({"exp": "tomorrow"}, "CLAIM_REFUSED"),
        ({"exp": True}, "CLAIM_REFUSED"),
        ({"exp": float("nan")}, "CLAIM_REFUSED"),
        ({"exp": float("inf")}, "CLAIM_REFUSED"),
        ({"exp": AT - 60}, "TOKEN_EXPIRED"),
        ({"iat": None}, "CLAIM_REFUSED"),
        ({"iat": "now"}, "CLAIM_REFUSED"),
        ({"iat": AT + 61}, "TOKEN_NOT_YET_VALID"),
        ({"iat": AT - 661}, "TOKEN_EXPIRED"),
        ({"nbf": AT + 61}, "TOKEN_NOT_YET_VALID"),
        ({"nbf": "now"}, "CLAIM_REFUSED"),
        ({"nonce": "n"}, "NONCE_WRONG"),
        ({"scope": "openid"}, "CLAIM_UNACCOUNTED"),
        ({"events": {}}, "CLAIM_UNACCOUNTED"),
        ({"act": {"sub": "somebody else"}}, "CLAIM_UNACCOUNTED"),
        ({"x" * 1000: 1}, "CLAIM_UNACCOUNTED"),
        ({"\ud800": 1}, "CLAIM_UNACCOUNTED"),
    ],
)
async def test_a_claim_that_is_not_right_keeps_the_token_out(way: Way, changed: dict[str, Any], reason: str) -> None:
    error = await way.refused(**changed)
    assert (error.code, error.details["reason"]) == (ErrorCode.SIGN_IN_FAILED, reason)
    assert error.details["claim"] == next(iter(changed))[:64].encode("ascii", "backslashreplace").decode()
    assert "subject-of-lin" not in repr(error.details) + str(error)


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": AT - 59},
        {"iat": AT + 60},
        {"iat": AT - 660},
        {"nbf": AT + 60},
        {"nbf": AT - 9999},
        {"aud": [CLIENT]},
        {"azp": CLIENT},
        {"typ": "ID"},
        {"sub": "x" * 255},
        {"sub": "a b|c"},
        {"name": "Lin", "email": "lin@example.org", "amr": ["pwd"], "at_hash": "x", "auth_time": AT},
    ],
)
async def test_what_is_just_right_is_taken(way: Way, changed: dict[str, Any]) -> None:
    assert await way.enter(**changed)


async def test_time_is_ours(way: Way) -> None:
    """The token is years old by any other clock."""
    token = way.issuer.token()
    assert await way.enter(token, at=MORNING + timedelta(seconds=359))
    assert await way.reason(token, at=MORNING + timedelta(seconds=360)) == "TOKEN_EXPIRED"
    assert await way.reason(token, at=MORNING - timedelta(seconds=61)) == "TOKEN_NOT_YET_VALID"


async def test_a_nonce_is_compared_when_either_side_has_one(way: Way) -> None:
    assert await way.enter(way.issuer.token(nonce="n"), "n")
    assert await way.reason(way.issuer.token(nonce="n"), "m") == "NONCE_WRONG"
    assert await way.reason(way.issuer.token(), "n") == "NONCE_WRONG"


async def test_a_nonce_may_be_insisted_on(issuer: IssuerStandIn, provider_client: ProviderClient) -> None:
    way = Way(issuer, provider_client, nonce=True)
    assert await way.reason() == "NONCE_WRONG"
    assert await way.enter(issuer.token(nonce="n"), "n")


async def test_several_audiences_are_taken_when_all_are_ours_and_one_asked(
    issuer: IssuerStandIn, provider_client: ProviderClient
) -> None:
    way = Way(issuer, provider_client, audiences=[CLIENT, "pingxuan-phone"])
    both = [CLIENT, "pingxuan-phone"]
    assert await way.enter(aud=both, azp="pingxuan-phone")
    assert await way.reason(aud=both) == "TOKEN_NOT_FOR_US"


@pytest.mark.parametrize("level", ["L2", "L3", ["L0", "L3"]])
async def test_a_claim_that_is_asked_for_may_have_any_value_that_will_do(
    issuer: IssuerStandIn, provider_client: ProviderClient, level: object
) -> None:
    assert await Way(issuer, provider_client, claims={"level": ["L2", "L3"]}).enter(level=level)


@pytest.mark.parametrize("level", [None, "L1", "", [], ["L1"], {"L2": 1}, 2, True])
async def test_any_other_value_or_none_keeps_the_token_out(
    issuer: IssuerStandIn, provider_client: ProviderClient, level: object
) -> None:
    error = await Way(issuer, provider_client, claims={"level": ["L2", "L3", 1]}).refused(level=level)
    assert (error.details["reason"], error.details["claim"]) == ("CLAIM_REFUSED", "level")


async def test_a_claim_that_is_ignored_is_let_through_and_another_is_not(
    issuer: IssuerStandIn, provider_client: ProviderClient
) -> None:
    way = Way(issuer, provider_client, ignored=["department"])
    assert await way.enter(department="roads")
    assert await way.reason(department="roads", scope="x") == "CLAIM_UNACCOUNTED"
    assert await Way(issuer, provider_client, ignored=["*"]).enter(department="roads", scope="x")


async def test_roles_are_what_the_tables_make_of_claims(issuer: IssuerStandIn, provider_client: ProviderClient) -> None:
    declared = {"groups": {"panel": "EXPERT", "office": "ORGANIZER"}, "job": {"inspector": "AUDITOR"}}
    way = Way(issuer, provider_client, roles=declared)
    assert (await way.enter(groups=["panel", "chess", "panel", 7, None], job="inspector")).roles == (
        Role.EXPERT,
        Role.AUDITOR,
    )
    assert (await way.enter(groups="office")).roles == (Role.ORGANIZER,)
    assert (await way.enter(groups={"office": 1}, job=["INSPECTOR"])).roles == ()
    assert (await way.enter()).roles == ()


async def test_only_the_claims_that_are_kept_are_kept(issuer: IssuerStandIn, provider_client: ProviderClient) -> None:
    way = Way(issuer, provider_client, keep=["residence", "adult", "floor"], ignored=["department"])
    entered = await way.enter(residence=["310115", "310101"], adult=True, floor=3, department="secret", name="Lin")
    assert entered.claims == {"residence": ("310115", "310101"), "adult": ("true",), "floor": ("3",)}
    assert (await way.enter(residence="310115")).claims == {"residence": ("310115",)}
    assert (await way.enter()).claims == {}


@pytest.mark.parametrize("value", [{"code": "310115"}, [None], 1.5, ["310115", ["310101"]], "x" * 769, ["浦"] * 100])
async def test_a_claim_that_cannot_be_kept_keeps_the_token_out(
    issuer: IssuerStandIn, provider_client: ProviderClient, value: object
) -> None:
    error = await Way(issuer, provider_client, keep=["residence"]).refused(residence=value)
    assert (error.details["reason"], error.details["claim"]) == ("CLAIM_REFUSED", "residence")


async def test_the_keys_are_asked_for_once(way: Way) -> None:
    await asyncio.gather(*(way.enter(sub=f"person-{number}") for number in range(30)))
    assert way.issuer.asked == {"configuration": 1, "keys": 1}
    await way.enter(at=MORNING + 200 * SECOND)
    assert way.issuer.asked == {"configuration": 1, "keys": 1}


async def test_a_rotated_key_is_asked_for_when_it_turns_up(way: Way) -> None:
    await way.enter()
    way.issuer.rotate("second")
    later = MORNING + REFETCH_INTERVAL
    assert await way.enter(at=later)
    assert way.issuer.asked["keys"] == 2


async def test_keys_that_do_not_exist_are_asked_for_once_in_a_while(way: Way) -> None:
    unknown = SigningKey("no such", "RS256", private_key("RS256", number=9))
    for seconds in range(15):
        assert await way.reason(way.issuer.token(unknown), at=MORNING + seconds * SECOND) == "KEY_UNKNOWN"
    assert way.issuer.asked["keys"] == 1
    assert await way.reason(way.issuer.token(unknown), at=MORNING + REFETCH_INTERVAL) == "KEY_UNKNOWN"
    assert way.issuer.asked["keys"] == 2
    assert await way.enter(at=MORNING + REFETCH_INTERVAL)
    assert sign_in_error(SignInError.KEY_UNKNOWN).details["retryAfter"] == REFETCH_INTERVAL.total_seconds()


async def test_a_withdrawn_key_is_trusted_for_an_hour_at_most(way: Way) -> None:
    old = way.issuer.keys[0]
    await way.enter()
    way.issuer.rotate("second")
    soon, late = MORNING + CACHE_TTL - SECOND, MORNING + CACHE_TTL
    assert await way.enter(way.issuer.token(old, now=soon), at=soon)
    assert await way.reason(way.issuer.token(old, now=late), at=late) == "KEY_UNKNOWN"


@pytest.mark.parametrize(("fault", "time_limit"), [*((fault, 60.0) for fault in FAULTS), ("hang", 3.0)])
async def test_an_issuer_in_trouble_is_told_as_such_and_left_alone_for_a_while(way: Way, fault: str) -> None:
    way.issuer.constantly = fault
    async with asyncio.timeout(60):
        reasons = await asyncio.gather(*(way.reason() for _ in range(20)))
    assert set(reasons) == {"PROVIDER_UNREACHABLE" if fault == "hang" else "PROVIDER_FAILED"}
    assert sum(way.issuer.asked.values()) == 1
    way.issuer.constantly = None
    assert await way.enter(at=MORNING + REFETCH_INTERVAL)


async def test_known_keys_serve_while_the_issuer_is_in_trouble(way: Way) -> None:
    await way.enter()
    way.issuer.constantly = "500"
    unknown = SigningKey("no such", "RS256", private_key("RS256", number=9))
    assert await way.reason(way.issuer.token(unknown), at=MORNING + REFETCH_INTERVAL) == "PROVIDER_FAILED"
    assert await way.enter(at=MORNING + REFETCH_INTERVAL)


@pytest.mark.parametrize(
    "discovered",
    [
        {"issuer": "https://another.example"},
        {"issuer": None},
        {"jwks_uri": "http://another.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"jwks_uri": 5},
        {"jwks_uri": "https://"},
        {"jwks_uri": "https://[::1"},
    ],
)
async def test_a_discovery_document_that_is_wrong_needs_our_staff(
    way: Way, discovered: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    way.issuer.discovered = discovered
    error = await way.refused()
    assert (error.code, error.details["reason"]) == (ErrorCode.SIGN_IN_UNAVAILABLE, "NEEDS_STAFF")
    assert way.issuer.asked == {"configuration": 1}
    assert way.issuer.url in caplog.text


ODD_KEYS = [
    5,
    {},
    {"kty": ["RSA"]},
    {"kty": "RSA", "n": "AQAB"},
    {"kty": "RSA", "n": "!", "e": "!", "kid": "first"},
    {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    {"kty": "EC", "crv": {}},
    {"kty": "oct", "k": "c2VjcmV0", "kid": "first", "alg": "HS256"},
    {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
]


async def test_keys_that_are_of_no_use_are_passed_over(way: Way) -> None:
    way.issuer.extra_keys = list(ODD_KEYS)
    assert await way.enter()


WRITTEN_OUT = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private_key("RS256")))


@pytest.mark.parametrize(
    "change",
    [{"use": "enc"}, {"alg": "RS512"}, {name: WRITTEN_OUT[name] for name in ("d", "p", "q", "dp", "dq", "qi")}],
    ids=["for secrecy", "for another", "private"],
)
async def test_a_key_that_is_not_for_this_verifies_nothing(way: Way, change: dict[str, Any]) -> None:
    way.issuer.extra_keys = [way.issuer.keys[0].published | change]
    signing, way.issuer.keys = way.issuer.keys[0], [SigningKey("other", "ES256", private_key("ES256"))]
    assert await way.reason(way.issuer.token(signing)) == "KEY_UNKNOWN"


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_a_weak_key_verifies_nothing(way: Way) -> None:
    weak = SigningKey("weak", "RS256", private_key("RS256", bits=1024))
    way.issuer.keys = [weak, SigningKey("other", "ES256", private_key("ES256"))]
    assert await way.reason(way.issuer.token(weak)) == "KEY_UNKNOWN"


async def test_an_issuer_without_a_usable_key_needs_our_staff(way: Way) -> None:
    way.issuer.keys, way.issuer.extra_keys = [], list(ODD_KEYS)
    with pytest.raises(ApiError) as refused:
        await way.enter(way.issuer.token(SigningKey("x", "RS256", private_key("RS256"))))
    assert refused.value.details["reason"] == "NEEDS_STAFF"


async def test_a_person_is_one_in_two_declarations_of_an_issuer(
    issuer: IssuerStandIn, provider_client: ProviderClient
) -> None:
    names = {"web": "pingxuan-web", "phone": "pingxuan-phone"}
    declared = [Issuer(name=name, issuer=issuer.url, audiences=[ours]) for name, ours in names.items()]
    provider = OidcProvider(declared, provider_client)
    tokens = [IdToken(name, issuer.token(aud=ours)) for name, ours in names.items()]
    assert await provider.authenticate(tokens[0], MORNING) == await provider.authenticate(tokens[1], MORNING)
    assert issuer.asked["keys"] == 1
    with pytest.raises(ApiError):
        await provider.authenticate(IdToken("web", tokens[1].token), MORNING)


async def test_a_provider_that_was_not_declared_is_bad_input_and_the_declared_are_named(way: Way) -> None:
    with pytest.raises(ApiError, match="city") as refused:
        await way.provider.authenticate(IdToken("town", way.issuer.token()), MORNING)
    assert refused.value.code is ErrorCode.BAD_INPUT
