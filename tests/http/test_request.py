"""Is a request made once, whoever asks for it, and read by the first header of each name?"""

from api.domain.texts import Language
from api.http.negotiation import MediaType
from api.http.request import Request


def test_a_scope_has_one_request() -> None:
    scope = {"type": "http", "method": "GET", "path": "/x", "headers": [], "client": ("192.0.2.1", 80)}
    request = Request.of(scope)
    assert Request.of({**scope, "path": "/mounted"}) is request, "an inner application finds it again"
    assert (request.method, request.path, request.peer, request.address) == ("GET", "/x", "192.0.2.1", "192.0.2.1")


def test_of_headers_of_one_name_the_first_counts() -> None:
    lines = [(b"accept-language", b"en"), (b"accept-language", b"zh"), (b"accept", b"text/html"), (b"accept", b"*/*")]
    request = Request("POST", "/graphql", lines, "")
    assert (request.header(b"accept-language"), request.header(b"host")) == ("en", None)
    assert (request.language, request.media_type) == (Language.EN, None)
    assert Request("POST", "/graphql", [], "").media_type is MediaType.JSON


def test_a_body_is_compressed_by_whichever_line_says_so() -> None:
    def is_compressed(*codings: bytes) -> bool:
        return Request("POST", "/", [(b"content-encoding", coding) for coding in codings], "").is_compressed

    assert not is_compressed()
    assert not is_compressed(b"identity", b" Identity,")
    assert is_compressed(b"identity", b"gzip")
    assert is_compressed(b"identity, br")
