"""Is every setting documented, read as it says, and told in one sentence when it is wrong?"""

import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from api.settings import SETTINGS, read_settings
from api.settings.setting import SettingError
from tests.commands import SEED

DOCS = SEED.parents[1] / "docs"
DOCUMENTED = (DOCS / "settings.md").read_text() + (DOCS / "limits.md").read_text()
APPID = "wx0123456789abcdef"
LINK = re.compile(r" \(\[[^]]+\]\([^)]+\)\)")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default_and_its_meaning(setting) -> None:
    row = next(line for line in DOCUMENTED.splitlines() if f"| `PINGXUAN_{setting.name}` |" in line)
    shown = {None: "| none:", "": "| empty |"}.get(setting.default, f"| `{setting.default}` |")
    assert shown in row
    assert LINK.sub("", row).endswith(f"| {setting.meaning} |")
    assert all(f"`{variable}`" in DOCUMENTED for variable in setting.variables)


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("PORT", "eighty", "65535"),
        ("PORT", "65536", "65535"),
        ("HOST", "", "127.0.0.1"),
        ("DATABASE_URL", "mysql://localhost/x", "sqlite://"),
        ("DATABASE_URL", "sqlite://", "sqlite://"),
        ("SECRET", " ", "random"),
        ("GUESTS", "yes", "on or off"),
        ("CLOCK", "2017-03-22", "offset"),
        ("CLOCK", "2017-03-22T09:00:00", "offset"),
        ("CLOCK", "tomorrow", "system"),
        ("INTROSPECTION", "no", "on or off"),
        ("HOSTS", "https://vote.example.cn", "vote.example.cn"),
        ("ROOT_PATH", "vote", "such as /vote"),
        ("ROOT_PATH", "/vote//x", "such as /vote"),
        ("ROOT_PATH", "/vote/..", "such as /vote"),
        ("ROOT_PATH", "/vote?x", "such as /vote"),
        ("ROOT_PATH", "https://city.example.cn/vote", "such as /vote"),
        ("ROOT_PATH", "/log/city", "begins otherwise"),
        ("ORIGINS", "vote.example.cn", "https://vote.example.cn"),
        ("ORIGINS", "*,https://vote.example.cn", "*"),
        ("PROXIES", "10.0.0.0/99", "10.0.0.0/8"),
        ("PROXY_HEADER", "via", "forwarded"),
        ("HSTS", "a year", "whole number"),
        ("LIMIT_COST", "-1", "whole number"),
        ("LIMIT_REQUESTS", "1e9", "whole number"),
        ("ACCEPTED_DANGERS", "all of them", "weak-secret"),
        ("METRICS", "on", "HOST:PORT"),
        ("METRICS", "127.0.0.1:99999", "HOST:PORT"),
        ("TRACING", "on", "collector"),
        ("LOG_LEVEL", "debug", "warning"),
        ("LOG_KEYS", " ", "a path"),
        ("LOG_ANCHOR", "", "a path"),
        ("LOG_ORIGIN", "https://vote.example.cn/log", "without https://"),
        ("LOG_ORIGIN", "vote.example.cn/log/", "without a slash"),
        ("LOG_SEAL_INTERVAL", "0", "from 1 to"),
        ("LOG_SEAL_MINIMUM", "many", "whole number"),
        ("LOG_SEAL_DEADLINE", "1h", "seconds"),
        ("LOG_FORMAT", "xml", "json"),
        ("ACCESS_LOG", "yes", "address"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(name: str, value: str, remedy: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({f"PINGXUAN_{name}": value})
    assert f"PINGXUAN_{name}" in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    ("text", "path"), {"": "", "/": "", "/vote": "/vote", "/vote/": "/vote", "/a/b-1.c/": "/a/b-1.c"}.items()
)
def test_a_root_path_has_no_slash_at_its_end(text: str, path: str) -> None:
    assert read_settings({"PINGXUAN_ROOT_PATH": text}).root_path == path


def test_a_secret_is_never_shown() -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({"PINGXUAN_SECRET": "   "})
    assert "'   '" not in str(caught.value)


HIDDEN = {
    "DATABASE_URL": "postgres://a:hunter2@h/n",
    "SECRET": "hunter2",
    "TOKEN_KEYS": "hunter2" * 5,
    "WECHAT_MINI_PROGRAM_SECRET": "hunter2",
    "WECHAT_OFFICIAL_ACCOUNT_SECRET": "hunter2",
}


def test_no_secret_is_in_what_settings_show_of_themselves() -> None:
    assert set(HIDDEN) == {setting.name for setting in SETTINGS if setting.is_secret}
    apps = {"WECHAT_MINI_PROGRAM_APPID": APPID, "WECHAT_OFFICIAL_ACCOUNT_APPID": APPID, "WECHAT_UNIONID": "on"}
    settings = read_settings({}, **HIDDEN, **apps)
    assert settings.signing_in.mini_program is not None
    for shown in (settings, settings.signing_in, settings.signing_in.mini_program):
        assert "hunter2" not in repr(shown)


SECRETS = {"SECRET": "from a file, and long enough", "DATABASE_URL": "postgres://a:hunter2@h/n"}


@pytest.mark.parametrize(("name", "text"), SECRETS.items())
def test_a_secret_may_lie_in_a_file(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{text}\n")
    settings = read_settings({f"PINGXUAN_{name}_FILE": str(file)})
    assert getattr(settings, name.lower()) in (text, text.encode())
    assert text not in repr(settings)
    with pytest.raises(SettingError, match="both"):
        read_settings({f"PINGXUAN_{name}_FILE": str(file), f"PINGXUAN_{name}": text})


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"", b"\n"])
def test_a_file_without_a_secret_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingError, match="PINGXUAN_SECRET"):
        read_settings({"PINGXUAN_SECRET_FILE": str(file)})


def test_only_secrets_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("9000")
    assert read_settings({"PINGXUAN_PORT_FILE": str(tmp_path / "port")}).port == 8000


def test_a_wrong_database_url_is_not_shown_since_it_may_hold_a_password() -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({"PINGXUAN_DATABASE_URL": "mysql://root:hunter2@localhost/x"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["TRACING", "ORIGINS", "HOSTS", "METRICS", "WECHAT_API"])
@pytest.mark.parametrize(
    "url",
    [
        "http:/u:hunter2@h",
        "http//u:hunter2@h",
        "ftp://u:hun/hunter2@h",
        "http:\\\\u:hunter2@h",
        "u:hunter2@h",
        "hunter2@h",
        "ftp://u:hun@hunter2@h:x",
        "ftp://u:hun hunter2@h",
        "ftp://u:hun\nhunter2@h",
    ],
)
def test_a_password_in_another_setting_is_never_shown(name: str, url: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({f"PINGXUAN_{name}": url})
    assert "hun" not in str(caught.value)
    assert "…@h" in str(caught.value)


def test_settings_do_not_change_and_defaults_yield_to_the_environment() -> None:
    settings = read_settings({"PINGXUAN_PORT": "1"}, PORT="2", LIMIT_COST="3")
    assert (settings.port, settings.limits.cost) == (1, 3)
    with pytest.raises(FrozenInstanceError):
        settings.port = 4  # type: ignore[misc]
