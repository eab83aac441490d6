"""Does the whole selection of docs/a-whole-selection.md go from fifty to thirty to ten, as the page says, to the byte?"""

import hashlib
import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from api.testing.sandbox import SandboxServer, SandboxVoter, running
from tests.api.test_docs import blocks
from tests.campaigns import at
from tests.commands import SEED, pingxuan, succeeded
from tests.conftest import SECRET, SETTINGS
from tests.leak_worlds import LIMITS
from tests.second_selection import recompute
from tests.servers import PATIENCE, ROOT, Json

pytestmark = pytest.mark.any_engine

PAGE = ROOT / "docs" / "a-whole-selection.md"
SLUG = "shanghai-example"
CAST = """mutation Cast($campaign: String!, $ids: [ID!]!) {
  castBallot(input: {campaign: $campaign, projectIds: $ids}) { ballot { id } violations { code } } }"""
OPERATIONS = {re.split(r"\W+", block)[1]: block for block in blocks(PAGE, "graphql")}
SHOWN = [json.loads(block) for block in blocks(PAGE, "json")]
CODES = ("INNOVATION", "DEMONSTRATION", "PRACTICE", "RECOGNITION")
EXPERTS = 30
RECUSED, DROPPED, LATE = (1, 2), 3, 30
REASON = {"zh": "经研究决定", "en": "As was decided"}


def campaign_file(folder: Path) -> Path:
    """The notice's campaign with the page's formula."""
    head, tables = blocks(PAGE, "toml")
    text = SEED.read_text("utf-8").replace('slug = "shanghai-2017"', f'slug = "{SLUG}"\n{head}', 1)
    before = text.index('[[stages]]\ncode = "FINALIST"')
    after = text.index("[[themes]]")
    (folder / "districts.toml").write_text(SEED.with_name("districts.toml").read_text("utf-8"), "utf-8")
    file = folder / f"{SLUG}.toml"
    file.write_text(text[:before] + tables + "\n" + text[after:], "utf-8")
    return file


def project(number: int) -> str:
    return f"project/{SLUG}/{number}"


@dataclass
class Chain:
    """A server with the campaign, and who takes part. experts: by number."""

    server: SandboxServer
    experts: dict[int, SandboxVoter] = field(default_factory=dict)

    @property
    def organizer(self) -> SandboxVoter:
        return self.server.voters["organizer"]

    def show(self, when: str) -> None:
        self.server.clock.set(at(when))

    def act(self, who: SandboxVoter, operation: str, **variables: Any) -> tuple[Any, list[str]]:
        """What an operation of the page has made, and the codes of what is wrong."""
        [payload] = who.ask(OPERATIONS[operation], variables).values()
        [made] = [value for key, value in payload.items() if key != "problems"]
        found = [problem["code"] for problem in payload["problems"]]
        assert (made is None) == bool(found), payload
        return made, found

    def done(self, who: SandboxVoter, operation: str, **variables: Any) -> Any:
        made, found = self.act(who, operation, **variables)
        assert found == [], (operation, found, variables)
        return made

    def staff(self, operation: str, stage: str, **variables: Any) -> Any:
        return self.done(self.organizer, operation, campaign=SLUG, stage=stage, **variables)

    def refused(self, operation: str, stage: str, **variables: Any) -> list[str]:
        return self.act(self.organizer, operation, campaign=SLUG, stage=stage, **variables)[1]

    def selections(self) -> dict[str, Json]:
        """What everybody sees of the stages' selections."""
        stages = self.server.ask(OPERATIONS["Selected"], {"campaign": SLUG})["campaign"]["stages"]
        return {stage["code"]: stage["selection"] for stage in stages if stage["selection"]}

    def decide(self, stage: str, until: str, **sent: Any) -> Json:
        """Plan, commit and announce."""
        plan: Json = self.staff("Plan", stage, **sent)
        assert plan["digest"] == hashlib.sha256(plan["trace"].encode()).hexdigest()
        assert self.refused("Commit", stage, digest="0" * 64, **sent) == ["STALE_PLAN"]
        made = self.staff("Commit", stage, digest=plan["digest"], **sent)
        assert (made["state"], made["digest"]) == ("PROVISIONAL", plan["digest"])
        assert stage not in self.selections()
        assert self.staff("Announce", stage, until=at(until).isoformat())["state"] == "ANNOUNCED"
        assert self.selections()[stage]["digest"] == plan["digest"]
        return plan

    # The acts, in the order of the page.

    def vote_for_ten_days(self) -> None:
        draw, voters = random.Random(2017), [self.server.sign_in(f"voter {n}") for n in range(8)]
        with ThreadPoolExecutor(8) as pool:
            for day in range(22, 32):
                self.show(f"2017-03-{day} 09:00")
                ballots = [(voter, draw.sample(range(1, 51), draw.randint(10, 30))) for voter in voters]
                for payload in pool.map(lambda each: self._cast(*each), ballots):
                    assert payload["violations"] == []

    def _cast(self, voter: SandboxVoter, numbers: Sequence[int]) -> Json:
        payload: Json = voter.ask(CAST, {"campaign": SLUG, "ids": [project(number) for number in numbers]})
        found: Json = payload["castBallot"]
        return found

    def gather_experts(self) -> None:
        invited = [{"name": f"专家{n}", "organization": f"学院{n}"} for n in range(1, EXPERTS + 1)]
        made = self.done(self.organizer, "Invite", campaign=SLUG, invitations=invited)
        with ThreadPoolExecutor(8) as pool:
            accepted = pool.map(self._accept, made)
            self.experts = {expert["number"]: voter for voter, expert in accepted}
        assert sorted(self.experts) == list(range(1, EXPERTS + 1))
        terms = {"perProject": 6, "mostPerExpert": 12, "seed": "of the assignment"}
        shares = self.done(self.organizer, "Assign", campaign=SLUG, input=terms)
        assert sum(len(each["projects"]) for each in shares) == 6 * 50

    def _accept(self, invitation: Json) -> tuple[SandboxVoter, Json]:
        voter = self.server.sign_in()
        return voter, self.done(voter, "Accept", code=invitation["code"])

    def to_do(self, number: int) -> list[Json]:
        found: list[Json] = self.experts[number].ask(OPERATIONS["ToDo"], {"campaign": SLUG})["viewer"]["reviews"]
        return found

    def _conflicts(self, number: int) -> set[int]:
        return {review["project"]["number"] for review in self.to_do(number) if review["state"] == "RECUSED"}

    def review(self) -> None:
        """All submit; two leave out one project, and the last has drafts alone."""
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self._review_by, self.experts))

    def _review_by(self, number: int) -> None:
        expert, draw, reviews = self.experts[number], random.Random(number), self.to_do(number)
        for place, review in enumerate(reviews):
            about = review["project"]["id"]
            if number in RECUSED and place == 0:
                assert self.done(expert, "Recuse", project=about, reason="曾任顾问")["state"] == "RECUSED"
                continue
            given = [{"criterion": code, "score": str(draw.randrange(60, 101, 5))} for code in CODES]
            assert self.done(expert, "Save", project=about, input={"scores": given})["state"] == "DRAFT"
            if number != LATE:
                assert self.done(expert, "Submit", project=about)["state"] == "SUBMITTED"

    def cast_expert_ballots(self, finalists: Sequence[int]) -> None:
        """Fourteen name nine and a tenth, fourteen the same nine and another; nobody one that they recused themselves from."""
        voting = [number for number in self.experts if number not in {DROPPED, LATE}]
        for place, number in enumerate(voting):
            wanted = [*finalists[:9], finalists[9 + place % 2], *finalists[11:]]
            ids = [project(each) for each in wanted if each not in self._conflicts(number)][:10]
            self.done(self.experts[number], "Vote", campaign=SLUG, stage="WINNER", projects=ids)


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    settings = SETTINGS | {f"PINGXUAN_LIMIT_{name}": value for name, value in LIMITS.items()}
    with running([campaign_file(tmp_path)], at=at("2017-03-21 12:00").isoformat(), settings=settings) as server:
        yield Chain(server)
        assert "Traceback" not in server.log, server.log


def numbers(rows: Sequence[Json]) -> list[int]:
    return [row["project"]["number"] for row in rows if row["selected"]]


def test_from_fifty_to_thirty_to_ten(chain: Chain, tmp_path: Path) -> None:
    told = chain.server.ask(OPERATIONS["HowItIsDecided"], {"campaign": SLUG})["campaign"]
    assert told["lotDigest"] == hashlib.sha256(b"foo").hexdigest()
    assert all(stage["description"] for stage in told["stages"])
    chain.vote_for_ten_days()
    chain.show("2017-03-31 12:00")
    thirty = select_thirty(chain)
    ten = select_ten(chain, thirty)
    assert len(ten) == 10
    assert set(ten) < set(thirty)
    everything_is_recomputed(chain, tmp_path)
    the_log_is_verified(chain, tmp_path)
    the_report_says_so(chain, tmp_path)


def select_thirty(chain: Chain) -> list[int]:
    chain.gather_experts()
    chain.review()
    chain.done(chain.organizer, "Drop", expert=f"expert/{SLUG}/{DROPPED}", reason=REASON)
    panel = chain.organizer.ask(OPERATIONS["Behind"], {"campaign": SLUG})["campaign"]["panel"]
    assert (panel["effectiveQuorum"], panel["progress"]["dropped"]) == (3, 1)
    assert [each["number"] for each in panel["progress"]["behind"]] == [LATE]
    assert chain.refused("Plan", "FINALIST") == ["TOO_EARLY"]
    chain.show("2017-04-05 18:00")
    late = chain.to_do(LATE)[0]["project"]["id"]
    made, found = chain.act(chain.experts[LATE], "Submit", project=late)
    assert {"submitReview": {"review": made, "problems": found}} == SHOWN[0]
    plan = chain.decide("FINALIST", "2017-04-12 18:00")
    assert (plan["unresolved"], plan["vacant"]) == (False, 0)
    letter = {"by": "王女士", "text": "第17号的组织单位写错了。", "project": project(17)}
    filed = chain.staff("Object", "FINALIST", input=letter)["objections"]
    assert chain.refused("Confirm", "FINALIST") == ["TOO_EARLY", "OBJECTIONS_OPEN"]
    answered = chain.done(chain.organizer, "Answer", objection=filed[0]["id"], answer=REASON)["objections"]
    assert [(each["by"], each["answer"]) for each in answered] == [("王女士", REASON["en"])]
    chain.show("2017-04-12 18:00")
    assert chain.staff("Confirm", "FINALIST")["state"] == "FINAL"
    return numbers(plan["rows"])


def select_ten(chain: Chain, thirty: Sequence[int]) -> list[int]:
    chain.show("2017-04-20 10:00")
    chain.cast_expert_ballots(thirty)
    assert chain.refused("Plan", "WINNER") == ["TOO_EARLY"]
    chain.show("2017-04-21 18:00")
    plan = chain.staff("Plan", "WINNER")
    ties = [
        {key: tie[key] for key in ("free", "resolved", "step")} | {"equal": len(tie["equal"])} for tie in plan["ties"]
    ]
    problems = chain.refused("Commit", "WINNER", digest=plan["digest"])
    assert {"ties": ties, "problems": problems} == SHOWN[1]
    first = chain.decide("WINNER", "2017-04-28 18:00", seed="foo")
    alternatives = set(thirty[9:11])
    [lucky] = alternatives & {*numbers(first["rows"])}
    assert lucky == min(alternatives, key=lambda number: hashlib.sha256(f"foo/WINNER/{number}".encode()).digest())
    assert correct(chain, first, thirty[0]) == alternatives - {lucky}
    chain.show("2017-04-28 18:00")
    assert chain.staff("Confirm", "WINNER")["state"] == "FINAL"
    rows = chain.selections()["WINNER"]["rows"]
    assert {row["award"]["code"] for row in rows if row["selected"]} == {"TOP_TEN"}
    return numbers(rows)


def correct(chain: Chain, first: Json, out: int) -> set[int]:
    """Disqualify one of the ten; return who moves up."""
    chain.done(chain.organizer, "Disqualify", project=project(out), reason=REASON)
    plan = chain.staff("Plan", "WINNER", seed="foo")
    made = chain.staff("Correct", "WINNER", digest=plan["digest"], reason=REASON, seed="foo")
    [annex] = made["annexes"]
    assert (annex["before"], annex["after"], annex["reason"]) == (first["digest"], plan["digest"], REASON["en"])
    changes = {each["project"]["number"]: each["isSelected"] for each in annex["changes"]}
    assert changes[out] is False
    return {
        number
        for number, selected in changes.items()
        if selected and number in set(numbers(plan["rows"])) - {*numbers(first["rows"])}
    }


def everything_is_recomputed(chain: Chain, tmp_path: Path) -> None:
    """By the command from the record alone, by the command from the database, and by the second implementation."""
    where = {"DATABASE_URL": chain.server.database_url, "SECRET": SECRET}
    for stage, selection in chain.selections().items():
        assert selection["state"] == "FINAL"
        record, trace = tmp_path / f"{stage}.json", selection["trace"]
        record.write_text(selection["record"], "utf-8")
        done = pingxuan(tmp_path, "replay-selection", str(record))
        assert (done.returncode, done.stdout) == (0, trace)
        again = recompute(selection["record"])
        assert (again.trace, again.digest) == (trace.encode(), selection["digest"])
        assert sorted(again.selected) == sorted(numbers(selection["rows"]))
        assert "专家" not in selection["record"]
        succeeded(tmp_path, "replay-selection", "--campaign", SLUG, "--stage", stage, **where)


def the_log_is_verified(chain: Chain, tmp_path: Path) -> None:
    """By whoever has nothing but its address; and again from what they have kept, without a server."""
    address, kept = f"{chain.server.url.removesuffix('/graphql')}/log/{SLUG}", tmp_path / "kept"
    for _ in range(int(PATIENCE)):  # until what was announced last is in the log
        told = json.loads(succeeded(tmp_path, "verify", address, "--json"))
        if told["selections"] == 3:  # one of the thirty, two of the ten
            break
        time.sleep(1)
    assert (told["verdict"], told["finding"], told["selections"]) == ("COUNTABLE", None, 3), told
    assert told["ballots"]["cast"] == sum(day["cast"] for day in told["days"]) == 8 * 10
    assert any("signed in" in note for note in told["notes"]), "the sandbox makes sessions without a sign-in"
    shown = succeeded(tmp_path, "verify", address, "--save", str(kept))
    assert "Sound and countable" in shown
    assert succeeded(tmp_path, "verify", str(kept)) == shown


def the_report_says_so(chain: Chain, tmp_path: Path) -> None:
    where = {"DATABASE_URL": chain.server.database_url, "SECRET": SECRET, "CLOCK": at("2017-04-28 18:00").isoformat()}
    succeeded(tmp_path, "report", SLUG, "-o", str(tmp_path / "report.html"), **where)
    asked = chain.server.ask("query($slug: String!) { campaign(slug: $slug) { report } }", {"slug": SLUG})
    for page in ((tmp_path / "report.html").read_text("utf-8"), asked["campaign"]["report"]):
        assert all(selection["digest"] in page for selection in chain.selections().values())
        assert REASON["zh"] in page
