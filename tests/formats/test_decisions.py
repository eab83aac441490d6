"""Does a file that says who was chosen say so for every seat, after the vote, and with a date?"""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from api.domain.campaigns.projects import Outcome
from api.formats.campaign_toml import mistakes_in
from tests.commands import SEED

CLOSES, FINALISTS, WINNERS = "2017-03-31T12:00:00+08:00", "2017-04-05T10:00:00+08:00", "2017-04-08T10:00:00+08:00"
PUBLISHED = "2017-04-10T10:00:00+08:00"
HEAD, *PROJECTS = SEED.read_text("utf-8").split("[[projects]]")
HEAD = HEAD.split("[[stages]]")[0] + "\n".join(re.findall(r"\[\[(?:criteria|themes)\]\]\n.*\n.*\n", HEAD))
CHOSEN = ["WINNER"] * 6 + ["NOT_SELECTED"] * 14
FINAL = ["FINALIST"] * 12 + ["NOT_SELECTED"] * 8
Stage = tuple[
    str, int, str | None
]  # its code, its seats, and when it was decided: "" without saying when, None not yet


def written(folder: Path, outcomes: Sequence[str], stages: Sequence[Stage], *lines: str) -> Path:
    """A campaign file with a project for each outcome, where "" leaves it out; lines stand at the beginning."""
    text = "\n".join(lines) + "\n" + HEAD.replace("minimum = 10, maximum = 30", "minimum = 1, maximum = 3")
    for code, seats, decided_at in stages:
        text += f'[[stages]]\ncode = "{code}"\nname = {{ zh = "段", en = "Stage" }}\nseats = {seats}\n'
        text += f"decided = {str(decided_at is not None).lower()}\n" + (
            f"decided_at = {decided_at}\n" if decided_at else ""
        )
    for outcome, project in zip(outcomes, PROJECTS, strict=False):
        text += "[[projects]]\n" + (f'outcome = "{outcome}"\n' if outcome else "") + project.lstrip()
    (folder / "districts.toml").write_bytes(SEED.with_name("districts.toml").read_bytes())
    file = folder / "campaign.toml"
    file.write_text(text, "utf-8")
    return file


def stages(finalists: str | None = FINALISTS, winners: str | None = WINNERS, seats: int = 6) -> list[Stage]:
    return [("CANDIDATE", 20, ""), ("FINALIST", 12, finalists), ("WINNER", seats, winners)]


PUBLIC = f"published_at = {PUBLISHED}"
CONSISTENT = {
    "nothing is decided": ([""] * 20, stages(None, None), ()),
    "nothing is decided, and when it will be published is known": ([""] * 20, stages(None, None), (PUBLIC,)),
    "the finalists are decided": (FINAL, stages(winners=None), ()),
    "the winners are decided": (CHOSEN, stages(), ()),
    "the winners are decided, and published later": (CHOSEN, stages(), (PUBLIC,)),
    "the winners are published, and when they were decided is not known": (CHOSEN, stages("", ""), (PUBLIC,)),
    "a campaign without stages has winners": (CHOSEN, [], (PUBLIC,)),
    "everybody wins": (["WINNER"] * 6, [("WINNER", 6, WINNERS)], ()),
    "two rounds are left": (
        [""] * 15 + ["NOT_SELECTED"] * 5,
        [("HALF", 15, FINALISTS), ("FINALIST", 12, None), ("WINNER", 6, None)],
        (),
    ),
}


@pytest.mark.parametrize("name", CONSISTENT)
def test_a_file_that_tells_one_story_has_no_mistakes(tmp_path: Path, name: str) -> None:
    outcomes, rounds, lines = CONSISTENT[name]
    assert mistakes_in(written(tmp_path, outcomes, rounds, *lines)) == ()


F, W = "stages[2] (code FINALIST)", "stages[3] (code WINNER)"
MISTAKES = {
    "five winners for six seats": (
        ["WINNER"] * 5 + ["NOT_SELECTED"] * 15,
        stages(),
        (),
        f"{W}.seats",
        "5 projects are WINNER",
    ),
    "one winner": (["WINNER"] + ["NOT_SELECTED"] * 19, stages(), (), f"{W}.seats", "1 project is WINNER"),
    "no winner": (["NOT_SELECTED"] * 20, stages(), (), f"{W}.seats", "0 projects are WINNER"),
    "seven winners": (["WINNER"] * 7 + ["NOT_SELECTED"] * 13, stages(), (), f"{W}.seats", "7 projects are WINNER"),
    "eleven finalists": (
        ["FINALIST"] * 11 + ["NOT_SELECTED"] * 9,
        stages(winners=None),
        (),
        f"{F}.seats",
        "11 projects are FINALIST",
    ),
    "a candidate is left over": ([*CHOSEN[:-1], ""], stages(), (), "projects[20] (number 20).outcome", "CANDIDATE"),
    "and says so": ([*CHOSEN[:-1], "CANDIDATE"], stages(), (), "projects[20] (number 20).outcome", f"{W} is decided"),
    "a finalist is left over": (
        [*CHOSEN[:-1], "FINALIST"],
        stages(),
        (),
        "projects[20] (number 20).outcome",
        "FINALIST",
    ),
    "a candidate among the finalists": (
        [*FINAL[:-1], ""],
        stages(winners=None),
        (),
        "projects[20] (number 20).outcome",
        f"{F} is decided",
    ),
    "a winner before the winners are decided": (
        [*FINAL[:-1], "WINNER"],
        stages(winners=None),
        (),
        "projects[20] (number 20).outcome",
        f"{W} is not decided",
    ),
    "a winner although nothing is decided": (
        ["WINNER"] + [""] * 19,
        stages(None, None),
        (PUBLIC,),
        "projects[1] (number 1).outcome",
        "no stage",
    ),
    "winners while voting is open": (
        CHOSEN,
        stages("", "2017-03-30T10:00:00+08:00"),
        (PUBLIC,),
        f"{W}.decided_at",
        "closes",
    ),
    "winners a second before it closes": (
        CHOSEN,
        stages("", "2017-03-31T11:59:59+08:00"),
        (PUBLIC,),
        f"{W}.decided_at",
        "closes",
    ),
    "published while voting is open": (
        CHOSEN,
        stages("", ""),
        ("published_at = 2017-03-30T10:00:00+08:00",),
        "published_at",
        "before voting closes",
    ),
    "decided after it was published": (
        CHOSEN,
        stages(winners="2017-04-10T10:00:01+08:00"),
        (PUBLIC,),
        f"{W}.decided_at",
        "after published_at",
    ),
    "winners before finalists": (CHOSEN, stages(WINNERS, FINALISTS), (), f"{W}.decided_at", f"before {F} was decided"),
    "winners without a date": (CHOSEN, stages(FINALISTS, ""), (), f"{W}.decided_at", "is missing"),
    "outcomes of no stage without a date": (CHOSEN, [], (), "published_at", "is missing"),
    "a candidate is left over where there are no stages": (
        [*CHOSEN[:-1], ""],
        [],
        (PUBLIC,),
        "projects[20] (number 20).outcome",
        "there are winners",
    ),
    "everybody passes and somebody is left over": (
        [*["WINNER"] * 5, ""],
        [("WINNER", 6, WINNERS)],
        (),
        "projects[6] (number 6).outcome",
        "is decided",
    ),
    "everybody passes and nothing is said of them": (
        ["WINNER", *[""] * 5],
        [("WINNER", 6, WINNERS)],
        (),
        "stages[1] (code WINNER).seats",
        "1 project is WINNER",
    ),
    "more winners than projects": (
        ["WINNER"] * 5,
        [("WINNER", 6, WINNERS)],
        (),
        "stages[1] (code WINNER).seats",
        "5 projects",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_contradicts_itself_is_told_once_with_its_place_and_a_remedy(tmp_path: Path, name: str) -> None:
    outcomes, rounds, lines, key, problem = MISTAKES[name]
    file = written(tmp_path, outcomes, rounds, *lines)
    (mistake,) = [mistake for mistake in mistakes_in(file) if mistake.key == key]
    assert problem in mistake.problem
    assert mistake.remedy
    others = {mistake.key for mistake in mistakes_in(file)} - {key}
    assert all(
        other.endswith(("seats", "outcome")) for other in others
    )  # one project fewer is one seat that nobody has


def test_an_outcome_that_is_none_is_told_by_itself(tmp_path: Path) -> None:
    (mistake,) = mistakes_in(written(tmp_path, ["LOSER", *CHOSEN[1:]], stages()))
    assert all(name in mistake.remedy for name in Outcome.__members__)


def test_what_is_not_decided_has_no_date(tmp_path: Path) -> None:
    file = written(tmp_path, [""] * 20, stages(None, None))
    file.write_text(
        file.read_text("utf-8").replace("[[projects]]", f"decided_at = {WINNERS}\n[[projects]]", 1), "utf-8"
    )
    (mistake,) = mistakes_in(file)
    assert mistake.key == f"{W}.decided_at"
    assert "decided is false" in mistake.problem
