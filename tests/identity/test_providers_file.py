"""Is a providers file read as it is meant, and a mistake in it told in one sentence?"""

from pathlib import Path

import pytest

from api.domain.people.identity import Role
from api.identity.providers_file import ProvidersFileError, read_issuers

GOOD = """
[[provider]]
name = "city"
issuer = "https://id.example.org/realms/city"
audiences = ["pingxuan-web", "pingxuan-phone"]
nonce = true
at_most_age = 300
clock_skew = 30
ignored = ["department"]
claims.real_name_level = ["L2", "L3"]
claims.resident = [true]
roles.groups = { panel-2017 = "EXPERT", office = "ORGANIZER" }

[[provider]]
name = "university"
issuer = "https://login.example.edu"
audiences = ["vote"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "providers.toml"


def test_a_file_says_who_is_trusted_and_for_what(file: Path) -> None:
    file.write_text(GOOD)
    city, university = read_issuers(file)
    assert city.claims == {"real_name_level": ["L2", "L3"], "resident": [True]}
    assert city.roles == {"groups": {"panel-2017": Role.EXPERT, "office": Role.ORGANIZER}}
    assert (city.nonce, city.at_most_age, city.clock_skew) == (True, 300, 30)
    assert (university.nonce, university.at_most_age, university.clock_skew) == (False, 600, 60)
    assert (university.claims, university.roles, university.ignored) == ({}, {}, [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (GOOD, "", "provider is missing. Write at least one [[provider]]."),
        (GOOD, "provider = []", "provider is wrong. Write at least one [[provider]]."),
        (GOOD, "provider = 5", "provider is wrong. Write at least one [[provider]]."),
        (GOOD, "provider = [5]", "provider[1] is no table."),
        (GOOD, "providers = []", "unknown key 'providers'. Known keys: provider."),
        (GOOD, '"a\\nb" = 5', "unknown key 'a\\nb'."),
        (GOOD, "[[provider", "is no TOML file"),
        (GOOD, "a = " + "[" * 5000, "is no TOML file"),
        ('name = "city"', "", "provider[1] name is missing. Write a short name"),
        ('name = "city"', 'name = "City Hall"', "provider[1] name is wrong. Write a short name"),
        ('name = "university"', 'name = "city"', "provider[1] (city) has the name of another provider"),
        ("https://id.example.org", "http://id.example.org", "provider[1] issuer is wrong. Write the issuer"),
        ("https://login.example.edu", "https://login.example.edu?a=1", "provider[2] issuer is wrong"),
        ("https://login.example.edu", "login.example.edu", "provider[2] issuer is wrong"),
        ("https://login.example.edu", "https://[", "provider[2] issuer is wrong"),
        ('["vote"]', "[]", "provider[2] audiences is wrong. Write a list of the client ids"),
        ('["vote"]', '"vote"', "provider[2] audiences is wrong"),
        ('["vote"]', '["vote", 5]', "provider[2] audiences is wrong"),
        ("nonce = true", 'nonce = "yes"', "provider[1] nonce is wrong. Write true"),
        ("at_most_age = 300", "at_most_age = 0", "provider[1] at_most_age is wrong. Write seconds"),
        ("clock_skew = 30", "clock_skew = 9999", "provider[1] clock_skew is wrong. Write seconds"),
        ("claims.resident = [true]", "claims.resident = true", "provider[1] claims is wrong. Write a table of claims"),
        ("claims.resident = [true]", "claims.resident = []", "provider[1] claims is wrong"),
        ('"ORGANIZER"', '"KING"', "provider[1] roles is wrong. Write a table of the claim's values"),
        ("clock_skew = 30", "secret = 30", "provider[1] has an unknown key 'secret'. Known keys: name, issuer"),
        ("claims.resident", "claims.aud", "provider[1] (city) names aud, which is always checked"),
        ('["department"]', '["exp"]', "provider[1] (city) names exp, which is always checked"),
        ("roles.groups", "roles.sub", "provider[1] (city) names sub, which is always checked"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_place(file: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    file.write_text(GOOD.replace(old, new))
    with pytest.raises(ProvidersFileError) as mistaken:
        read_issuers(file)
    assert told in str(mistaken.value)
    assert str(mistaken.value).startswith(str(file))
    assert "\n" not in str(mistaken.value)


def test_a_file_that_is_not_there_or_is_no_text_is_said_to_be(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ProvidersFileError, match="cannot be read: No such file"):
        read_issuers(file)
    with pytest.raises(ProvidersFileError, match="cannot be read"):
        read_issuers(tmp_path)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ProvidersFileError, match="is no TOML file"):
        read_issuers(file)
