"""Does the desk load what it needs, under a stricter policy than the other pages, and say everything in both languages?"""

import re

from starlette.requests import Request
from starlette.responses import Response

from api.domain.audit_trail import TrailKind
from api.domain.exchange.formats import EXPORTED, ExportContent
from api.domain.exchange.jobs import JobState
from api.pages.assets import STATIC, Assets
from api.pages.desk import DeskPage
from api.pages.modules import needed_modules

DESK = STATIC / "desk"
CODE = "\n".join(file.read_text("utf-8") for file in DESK.glob("*.js") if not file.name.startswith("words-"))
# Names that are put together: of values of enums, of acts, of parts of the page.
MADE = (
    r"(act|by|channel|channelOf|column|content|contentHelp|count|detail|expert|experts|format|in|jobIs|jobState|jobTitle"
    r"|kind|level|method|norm|part|per|phase|plan|planHelp|policy|publication|refusal|replacement|review|role|seen|short"
    r"|source|standing|step|listed|suspicion|tie|trail|turnout|way)_"
)


async def served() -> Response:
    return await DeskPage(Assets()).serve(Request({"type": "http"}))


def words(*files: str) -> list[str]:
    """The names of the words in these files."""
    lines = [line for file in files for line in re.findall(r"^  .*", (DESK / file).read_text("utf-8"), re.MULTILINE)]
    return re.findall(r"(?:^|, )\s*(\w+): \"", "\n".join(lines), re.MULTILINE)


async def test_all_modules_are_loaded_ahead_those_of_the_voting_page_among_them() -> None:
    assets = Assets()
    ahead = re.findall(r'rel="modulepreload" href="([^"]+)"', bytes((await served()).body).decode())
    assert sorted(ahead) == sorted(f"{assets.prefix}/{name}" for name in needed_modules(assets, "desk/main.js"))
    assert {f"{assets.prefix}/desk/acts.js", f"{assets.prefix}/vote/graphql.js"} <= set(ahead)
    assert {name.rpartition("/")[2] for name in ahead} >= {file.name for file in DESK.glob("*.js")}, "none is idle"


async def test_the_policy_takes_no_pictures_from_elsewhere_no_frames_and_no_text_as_script() -> None:
    policy = (await served()).headers["content-security-policy"].split("; ")
    assert {
        "default-src 'none'",
        "script-src 'self'",
        "img-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    } <= set(policy)
    assert not re.search("unsafe|data:|blob:", "; ".join(policy))


def test_the_desk_has_the_same_words_in_both_languages_and_all_are_used() -> None:
    chinese, english = (
        words(*(f"words-{tag}{part}.js" for part in ("", "-forms", "-deciding", "-files"))) for tag in ("zh", "en")
    )
    assert sorted(chinese) == sorted(english)
    assert len(set(chinese)) == len(chinese)
    made = [name for name in chinese if re.match(MADE, name) or re.fullmatch(r"\w+_does\d", name)]
    assert [name for name in chinese if f'"{name}"' not in CODE and name not in made] == []


def test_every_effect_of_an_act_that_is_announced_has_words() -> None:
    effects = dict(re.findall(r"(\w+): (\d)", CODE.partition("const EFFECTS = {")[2].partition("}")[0]))
    assert len(effects) == 8
    announced = {f"{act}_does{n}" for act, number in effects.items() for n in range(1, int(number) + 1)}
    assert announced <= set(words("words-zh.js"))


def test_the_desk_offers_just_the_formats_that_hold_a_content() -> None:
    offered = re.findall(r"^  ([A-Z]+): \[(.*)\],$", (DESK / "files-export.js").read_text("utf-8"), re.MULTILINE)
    there_are = {
        content.name: {format.name for format, contents in EXPORTED.items() if content in contents}
        for content in ExportContent
    }
    assert {content: set(re.findall("[A-Z_]+", formats)) for content, formats in offered} == there_are


def test_every_state_of_a_job_and_every_kind_of_the_trail_has_words() -> None:
    said = words("words-zh.js", "words-zh-files.js", "words-zh-deciding.js")
    assert {f"jobState_{state.name}" for state in JobState} <= set(said)
    assert {f"trail_{kind.name}" for kind in TrailKind} <= set(said)


def test_the_desk_is_written_in_what_old_phones_read() -> None:
    for file in [*DESK.glob("*.js"), *(STATIC / "review").glob("*.js"), *(STATIC / "vote").rglob("*.js")]:
        text = file.read_text("utf-8")
        assert not re.search(r"\?\?|\w\?\.\w|\?\.\[|\.at\(-|structuredClone|\.replaceAll\(", text), file.name
        assert text.count("\n") <= 200, file.name
