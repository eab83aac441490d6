"""Are many mistakes of one kind told once, with all their places?"""

from pathlib import Path

from api.formats.campaign_toml import Mistake, mistakes_in, summarised
from tests.commands import SEED, pingxuan
from tests.formats.test_decisions import CHOSEN, stages, written


def mistake(key: str, problem: str = "is missing", remedy: str = "Add it.") -> Mistake:
    return Mistake("a.toml", key, problem, remedy)


def test_what_is_told_once_is_told_as_it_is() -> None:
    found = [mistake("slug"), mistake("projects[1] (number 7).level"), mistake("projects[1] (number 7).themes")]
    assert summarised(found) == tuple(map(str, found))
    assert summarised([]) == ()


def test_equal_mistakes_are_one_line_with_the_numbers_of_their_rows() -> None:
    keys = [f"projects[{place}] (number {place + 1}).level" for place in (*range(1, 41), 50, 60, 61)]
    assert summarised([mistake(key) for key in keys]) == (
        "a.toml: projects[].level is missing, in 43 places: number 2-41, 51, 61-62. Add it.",
    )


def test_rows_without_numbers_of_their_own_are_told_by_their_place() -> None:
    same = [mistake(f"projects[{place}] (number 7).number") for place in range(2, 62)]
    assert summarised(same) == ("a.toml: projects[].number is missing, in 60 places: [2-61]. Add it.",)
    codes = [mistake(f"stages[{place}] (code S{place}).seats") for place in (1, 2)]
    assert summarised(codes) == ("a.toml: stages[].seats is missing, in 2 places: code S1, S2. Add it.",)
    two = [mistake(f"projects[{row}].themes[{place}]") for row in (1, 2) for place in (1, 2)]
    assert summarised(two) == (
        "a.toml: projects[].themes[] is missing, in 4 places: "
        "projects[1].themes[1], projects[1].themes[2], projects[2].themes[1], projects[2].themes[2]. Add it.",
    )


def test_many_places_are_shortened() -> None:
    [line] = summarised([mistake(f"projects[{place}] (number {place}).level") for place in range(1, 200, 2)])
    assert "number 1, 3, 5" in line
    assert line.endswith("59 and 70 more. Add it.")


def test_what_differs_is_told_one_by_one_and_then_together() -> None:
    found = [mistake(f"projects[{place}] (number {place}).level", f"is “{place}”") for place in range(1, 61)]
    lines = summarised(found)
    assert lines[:5] == tuple(map(str, found[:5]))
    assert lines[5:] == ("a.toml: projects[].level has another such mistake, in 55 places: number 6-60. Add it.",)


def test_files_and_remedies_are_kept_apart() -> None:
    found = [mistake("slug"), mistake("slug", remedy="Mend it."), Mistake("b.toml", "slug", "is missing", "Add it.")]
    assert summarised(found) == tuple(map(str, found))


def test_check_and_load_tell_sixty_equal_mistakes_in_one_line(tmp_path: Path) -> None:
    head, projects = SEED.read_text("utf-8").split("[[projects]]", 1)
    text = f"{head}[[projects]]" + projects.replace("\ntitle =", "\ntitel =")
    (tmp_path / "districts.toml").write_bytes(SEED.with_name("districts.toml").read_bytes())
    (tmp_path / "campaign.toml").write_text(text, "utf-8")
    assert pingxuan(tmp_path, "migrate").returncode == 0
    for command in ("check", "load"):
        done = pingxuan(tmp_path, command, str(tmp_path / "campaign.toml"))
        lines = [line for line in done.stderr.splitlines() if "campaign.toml" in line]
        assert len(lines) == 2, done.stderr
        assert all("in 50 places: number 1-50." in line for line in lines)


def test_candidates_left_over_are_told_by_their_numbers(tmp_path: Path) -> None:
    file = written(tmp_path, [*CHOSEN[:6], *[""] * 14], stages())
    [line] = summarised(mistakes_in(file))
    assert "is CANDIDATE, but stages[3] (code WINNER) is decided, in 14 places: number 7-20." in line
