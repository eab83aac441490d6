"""Does an answer come as its client can read it, whatever the headers say of that?"""

import pytest

from api.http.negotiation import accepts_gzip


@pytest.mark.parametrize("header", ["gzip", "br, gzip", "GZIP;q=0.001", "gzip;q=0.5, identity"])
def test_who_names_gzip_gets_it(header: str) -> None:
    assert accepts_gzip(header)


@pytest.mark.parametrize("header", [None, "", "identity", "br", "gzip;q=0", "br, gzip;q=0.000", "nogzip"])
def test_who_does_not_name_gzip_or_refuses_it_gets_none(header: str | None) -> None:
    assert not accepts_gzip(header)
