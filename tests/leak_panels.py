"""Which campaign has experts whose scores, ballots and comments nobody may know too early, and what happens in it?"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from api.domain.campaigns.parts import Award, ChoiceRange, Criterion
from api.domain.campaigns.stages import Stage, TieStep
from api.domain.review.terms import PanelTerms
from api.domain.selection.terms import StageKind
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from tests.campaigns import LOADED, at, both
from tests.leak_campaigns import CHEN_RUNS, campaign
from tests.leak_worlds import World
from tests.servers import Json

SLUG = "panel"
JUROR, RIVAL = "juror", "rival"  # of two experts, the one who looks and the one whose acts differ
OPENS, DEADLINE, ANNOUNCED, CONFIRMED = "2017-03-24 09:00", "2017-04-05 18:00", "2017-04-06 09:00", "2017-04-10 09:00"
BALLOT, BALLOT_CLOSED = "2017-04-11 12:00", "2017-04-12 18:00"
UNTIL = "2017-04-09T18:00:00+08:00"
LOW_TO_HIGH, HIGH_TO_LOW = (10, 20, 30, 70, 80, 90), (90, 80, 70, 30, 20, 10)
TEXT = {"zh": "理由", "en": "A reason"}
PROBLEMS = "problems { code message(language: EN) }"


@dataclass(frozen=True)
class Secrets:
    """What differs between two worlds: the rival's scores by project, their words, their ballot, and who objected."""

    scores: Sequence[int] = LOW_TO_HIGH
    words: str = "Words"
    votes: int = 6
    objector: str = "Mrs Wang"


def panel_campaign() -> Any:
    """Six candidates: of these the experts' scores choose three, and of the three the experts' ballots one."""
    finalist = Stage("FINALIST", both("终审", "Finalists"), 3, decided=False, ties=(TieStep.ALL_IN,))
    winner = replace(finalist, code="WINNER", name=both("获奖", "Winner"), seats=1)
    ballot = {"opens_at": at("2017-04-11 09:00"), "closes_at": at(BALLOT_CLOSED), "choices": ChoiceRange(1, 1)}
    return campaign(
        SLUG,
        stages=(
            replace(finalist, kind=StageKind.EXPERT_SCORES),
            replace(winner, kind=StageKind.EXPERT_BALLOT, **ballot),
        ),
        criteria=(Criterion("INNOVATION", both("创新", "Innovation"), maximum=Decimal(100)),),
        panel=PanelTerms(at(OPENS), at(DEADLINE)),
        awards=(Award("BEST", both("最佳", "Best"), 1),),
    )


async def prepare(folder: Path, empty: Path, chen: str) -> Path:
    """Make the database that worlds begin with: with the campaign, and with one that chen is an organizer of."""
    file = folder / "panel.sqlite3"
    shutil.copyfile(empty, file)
    async with open_database(f"sqlite://{file}") as database:
        for statement in ("delete from projects", "delete from campaigns", "delete from districts"):
            await database.rows(statement)
        grant = "insert into grants (viewer, role, campaign) values ($1, 'ORGANIZER', $2)"
        await database.rows(grant, chen.removeprefix("viewer/"), CHEN_RUNS)
        for made in (panel_campaign(), campaign(CHEN_RUNS)):
            await SqlCampaigns(database).save(made, made.districts, replace(LOADED, campaign=made.slug))
    return file


@dataclass
class Panel:
    """Brings a world to a moment, with secrets."""

    world: World
    secrets: Secrets

    async def do(self, role: str, name: str, given: str, selection: str, **variables: Any) -> Json:
        """Have a mutation done, without any problem. given: its arguments as they are written."""
        declared = ", ".join(f"${key}: {self._type(key)}" for key in variables)
        document = f"mutation{f'({declared})' if declared else ''} {{ {name}({given}) {{ {selection} {PROBLEMS} }} }}"
        told = await self.world.send(role, document, variables)
        answer = json.loads(told[told.index(b"\n{") :])
        assert "errors" not in answer, answer
        payload: Json = answer["data"][name]
        assert payload["problems"] == [], payload
        return payload

    @staticmethod
    def _type(key: str) -> str:
        types: Mapping[str, str] = {"input": "ReviewInput!", "objection": "ObjectionInput!", "text": "TextInput!"}
        return types.get(key, "String!")

    async def scoring(self) -> None:
        """Both experts are there and have scored; the rival has a draft, too, and has given no scores for one project."""
        world = self.world
        world.show("2017-03-24 10:00")
        given = f'campaign: "{SLUG}", invitations: [{{name: "{JUROR}"}}, {{name: "{RIVAL}"}}]'
        made = await self.do("organizer", "inviteExperts", given, "invitations { code }")
        for role, invitation in zip((JUROR, RIVAL), made["invitations"], strict=True):
            await self.do(role, "acceptInvitation", f'code: "{invitation["code"]}"', "expert { id }")
        for number, score in enumerate(self.secrets.scores, 1):
            await self._review(JUROR, number, 50, "")
            await self._review(RIVAL, number, score, self.secrets.words)
        world.show("2017-03-25 10:00")

    async def _review(self, role: str, number: int, score: int, words: str) -> None:
        about = f'project: "project/{SLUG}/{number}"'
        review = {"scores": [{"criterion": "INNOVATION", "score": str(score)}], "comment": words}
        await self.do(role, "saveReview", f"{about}, input: $input", "review { id }", input=review)
        await self.do(role, "submitReview", about, "review { id }")

    async def scored(self) -> None:
        await self.scoring()
        self.world.show(DEADLINE)

    async def committed(self, stage: str = "FINALIST") -> None:
        if stage == "FINALIST":
            await self.scored()
        about = f'campaign: "{SLUG}", stage: "{stage}"'
        plan = (await self.do("organizer", "planSelection", about, "plan { digest }"))["plan"]
        await self.do("organizer", "commitSelection", f'{about}, digest: "{plan["digest"]}"', "selection { digest }")

    async def announced(self) -> None:
        """With an objection that is answered."""
        await self.committed()
        self.world.show(ANNOUNCED)
        about = f'campaign: "{SLUG}", stage: "FINALIST"'
        await self.do("organizer", "announceSelection", f'{about}, objectionsUntil: "{UNTIL}"', "selection { digest }")
        objection = {"by": self.secrets.objector, "text": "No!"}
        await self.do(
            "organizer", "recordObjection", f"{about}, input: $objection", "selection { digest }", objection=objection
        )
        about = f'objection: "objection/{SLUG}/FINALIST/1", answer: $text'
        await self.do("organizer", "answerObjection", about, "selection { digest }", text=TEXT)

    async def balloting(self) -> None:
        """The experts have voted, and may still change their votes."""
        await self.announced()
        self.world.show(CONFIRMED)
        await self.do("organizer", "confirmSelection", f'campaign: "{SLUG}", stage: "FINALIST"', "selection { digest }")
        self.world.show(BALLOT)
        for role, number in ((JUROR, 5), (RIVAL, self.secrets.votes)):
            about = f'campaign: "{SLUG}", stage: "WINNER", projects: ["project/{SLUG}/{number}"]'
            await self.do(role, "castExpertBallot", about, "ballot { revision }")

    async def balloted(self) -> None:
        await self.balloting()
        self.world.show(BALLOT_CLOSED)

    async def won(self) -> None:
        """What the ballots come to is committed, and not announced."""
        await self.balloted()
        await self.committed("WINNER")
