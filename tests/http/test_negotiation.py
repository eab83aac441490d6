"""Does an answer come as its client can read it, whatever the headers say of that?"""

import pytest

from api.domain.texts import Language
from api.http.negotiation import accepts_gzip, negotiate_language


@pytest.mark.parametrize("header", ["gzip", "br, gzip", "GZIP;q=0.001", "gzip;q=0.5, identity"])
def test_who_names_gzip_gets_it(header: str) -> None:
    assert accepts_gzip(header)


@pytest.mark.parametrize("header", [None, "", "identity", "br", "gzip;q=0", "br, gzip;q=0.000", "nogzip"])
def test_who_does_not_name_gzip_or_refuses_it_gets_none(header: str | None) -> None:
    assert not accepts_gzip(header)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en_US", Language.EN),
        ("EN_us.UTF-8", Language.EN),
        ("en_GB@euro", Language.EN),
        ("zh_Hant_TW, en", Language.ZH_HANT),
        ("ZH-hant-tw;q=0.9, en;q=0.8", Language.ZH_HANT),
        ("zh-HK", Language.ZH_HANT),
        ("zh-Hans-HK", Language.ZH),
        ("zh-TW;q=0.5, zh;q=0.9", Language.ZH),
        ("cmn-Hans-CN, en", Language.ZH),
        ("fr-CH, fr;q=0.9, en_US;q=0.8, *;q=0.5", Language.EN),
        ("*", Language.ZH),
        ("fr, *;q=0.5", Language.ZH),
        ("*;q=0.1, en;q=0.2", Language.EN),
        ("en;q=0.1, *;q=0.2", Language.ZH),
        ("zh;q=0.1, *;q=0.2", Language.EN),
        ("zh;q=0, *", Language.EN),
        ("zh;q=0", Language.EN),
        ("en;q=0, *", Language.ZH),
        ("en;q=0", Language.ZH),
        ("en;Q=0.5, zh;q=0.4", Language.EN),
        ("en ; q=0.5 , zh ; q=0.6", Language.ZH),
        ("english", Language.ZH),
        ("_en", Language.ZH),
        ("", Language.ZH),
        (None, Language.ZH),
    ],
)
def test_a_language_is_found_however_it_is_written(header: str | None, language: Language) -> None:
    assert negotiate_language(header) is language
