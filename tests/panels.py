"""How do organizers and experts ask a server about a panel, and which campaign has one?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.testing.sandbox import SandboxServer
from tests.campaigns import at
from tests.selection_files import FILE
from tests.servers import Client, Json, codes

SLUG = "works-2020"
CODES = ("CRAFT", "IDEA", "NOTE")
OWN_ORGANIZATION = "The Cultural Centre"
CAMPAIGN_FILE = FILE.replace(
    "number = 2\n", 'number = 2\norganization = { zh = "文化馆", en = "The cultural centre" }\n'
)
INVITING, REVIEWING, AFTERWARDS = "2017-03-25 11:00", "2017-03-28 12:00", "2017-04-05 12:00"
REASON = {"zh": "因故退出", "en": "Fell ill"}
PROBLEMS = "problems { code message(language: EN) path ... on StaleRevision { expected present } }"
REVIEW = """id state revision assigned comment reason byOrganizer total scores { criterion score } project { number }
  expert { id number name } updatedAt history { revision state comment reason scores { criterion score } }"""
EXPERT = "id number name organization state invitedAt acceptedAt droppedAt droppedReason(language: EN)"
ACTS = {
    "inviteExperts": (
        "$campaign: String!, $invitations: [ExpertInvitation!]!, $dryRun: Boolean! = false",
        f"invitations {{ expert {{ {EXPERT} }} code expiresAt conflicts {{ number }} }}",
    ),
    "acceptInvitation": ("$code: String, $campaign: String", f"expert {{ {EXPERT} }}"),
    "assignReviews": (
        "$campaign: String!, $input: AssignmentInput!",
        "assignments { expert { number } projects { number } }",
    ),
    "declareConflict": ("$expert: ID!, $project: ID!, $reason: String!", f"expert {{ {EXPERT} }}"),
    "dropExpert": ("$expert: ID!, $reason: TextInput!", f"expert {{ {EXPERT} }}"),
    "extendPanel": ("$campaign: String!, $closesAt: DateTime!, $reason: TextInput!", "campaign { panel { closesAt } }"),
    "saveReview": ("$project: ID!, $input: ReviewInput!, $expectedRevision: Int", f"review {{ {REVIEW} }}"),
    "submitReview": ("$project: ID!, $expectedRevision: Int", f"review {{ {REVIEW} }}"),
    "abstainFromReview": ("$project: ID!, $reason: String!", f"review {{ {REVIEW} }}"),
    "recuseFromReview": ("$project: ID!, $reason: String!", f"review {{ {REVIEW} }}"),
}
OWN = f"query Own($campaign: String) {{ viewer {{ reviews(campaign: $campaign) {{ {REVIEW} }} }} }}"
COUNTS = "assigned notBegun draft submitted abstained recused voided"
PROGRESS = f"""progress {{ experts invited accepted dropped reviews {{ state count }}
  byExpert {{ expert {{ number }} {COUNTS} }}
  byProject {{ project {{ number }} assigned submitted abstained missing }} behind {{ number }} }}"""
SCORES = "scores { project { number } reviews score mean median deviation minimum maximum disagreement }"
AGREEMENT = "agreement { kendallsW krippendorffsAlpha experts projects }"
PANEL = f"""query Panel($slug: String!) {{ campaign(slug: $slug) {{ panel {{
  experts {{ {EXPERT} }} {PROGRESS} effectiveQuorum {SCORES} {AGREEMENT}
  reviews {{ id state comment total }} }} }} }}"""


def project(number: int) -> str:
    return f"project/{SLUG}/{number}"


def expert(number: int) -> str:
    return f"expert/{SLUG}/{number}"


def scores(*given: str) -> list[Json]:
    """Scores of the criteria in their order."""
    return [{"criterion": code, "score": score} for code, score in zip(CODES, given, strict=False)]


@dataclass
class Panelists:
    """A client of a sandbox with the campaign, and the tokens of all who take part. experts: by number."""

    api: Client
    sandbox: SandboxServer
    organizer: str
    auditor: str
    experts: dict[int, str] = field(default_factory=dict)

    def show(self, when: str) -> None:
        self.sandbox.clock.set(at(when))

    async def ask(self, token: str | None, name: str, **arguments: Any) -> Json:
        """The answer to a mutation."""
        variables, selection = ACTS[name]
        handed = ", ".join(f"{each[1:]}: {each}" for each in re.findall(r"\$\w+", variables))
        document = f"mutation({variables}) {{ {name}({handed}) {{ {selection} {PROBLEMS} }} }}"
        return await self.api.ask(document, arguments, token)

    async def act(self, token: str | None, name: str, **arguments: Any) -> Json:
        """The payload of a mutation that is no error."""
        answer = await self.ask(token, name, **arguments)
        assert "errors" not in answer, answer
        payload: Json = answer["data"][name]
        [thing] = [value for key, value in payload.items() if key != "problems"]
        assert (thing is None) == bool(payload["problems"]), payload
        return payload

    async def done(self, token: str | None, name: str, **arguments: Any) -> Any:
        """What a mutation has made, without any problem."""
        payload = await self.act(token, name, **arguments)
        assert payload["problems"] == [], payload
        return next(iter(payload.values()))

    async def refused(self, token: str | None, name: str, **arguments: Any) -> list[str]:
        """The codes of the problems of a mutation, or of its errors."""
        answer = await self.ask(token, name, **arguments)
        return codes(answer) or [problem["code"] for problem in answer["data"][name]["problems"]]

    async def invite(self, *names: str, **more: Any) -> list[Json]:
        invited = [{"name": name, **more} for name in names]
        made: list[Json] = await self.done(self.organizer, "inviteExperts", campaign=SLUG, invitations=invited)
        return made

    async def join(self, *names: str, **more: Any) -> None:
        """Have experts invited and accept."""
        for made in await self.invite(*names, **more):
            token = await self.api.sign_in()
            await self.done(token, "acceptInvitation", code=made["code"])
            self.experts[made["expert"]["number"]] = token

    async def submit(self, number: int, about: int, *given: str) -> None:
        """Have an expert, by number, submit a review of a project."""
        token = self.experts[number]
        await self.done(token, "saveReview", project=project(about), input={"scores": scores(*given)})
        await self.done(token, "submitReview", project=project(about))

    async def own(self, token: str, campaign: str | None = SLUG) -> dict[int, Json]:
        """An expert's own reviews, by the number of the project."""
        found = (await self.api.data(OWN, {"campaign": campaign}, token))["viewer"]["reviews"]
        return {review["project"]["number"]: review for review in found}

    async def panel(self, token: str | None) -> tuple[Json, list[str]]:
        """The panel as somebody sees it, and the codes of what is refused to them."""
        answer = await self.api.ask(PANEL, {"slug": SLUG}, token)
        assert answer.get("data"), answer
        return answer["data"]["campaign"]["panel"], codes(answer)


def campaign_file(folder: Path, changes: Mapping[str, str] | None = None) -> Path:
    """The campaign's file, with texts of it replaced."""
    text = CAMPAIGN_FILE
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    file = folder / f"{SLUG}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problem_codes(payload: Json) -> Sequence[str]:
    return [problem["code"] for problem in payload["problems"]]
