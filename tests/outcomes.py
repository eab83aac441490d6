"""Which selections do tests of the outcome look at? A small one with a panel, brought as far as a test wants it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.testing.sandbox import SandboxServer, running
from tests.campaigns import at
from tests.conftest import SETTINGS
from tests.selection_files import FILE
from tests.servers import PATIENCE, Json

SLUG = "works-2020"
SEED = "foo"  # of the lot; its digest is in the file
BALLOT = FILE[FILE.index('kind = "EXPERT_BALLOT"') : FILE.index("[[awards]]")]
DECIDED = 'kind = "DECISION"\n\n'  # the last stage: decided on record
VOTES = (3, 5, 3, 2, 2, 1)  # of the works 1 to 6
SCORES = ((95, 80), (90, 90), (60, 100), (80, 80), (80, 80), (65, 60))  # by craft and idea, of each expert
REASON = {"zh": "作品系抄袭。", "en": "The work was copied."}
ADVICE = {"zh": "采纳评委会的推荐。", "en": "The jury advised it."}  # why the winners are these
ANSWER = {"zh": "已核实，取消其资格。", "en": "It was checked and disqualified."}
CAST = "mutation Cast($input: CastBallotInput!) { castBallot(input: $input) { violations { message } } }"
SEEN = (
    "query Seen($slug: String) { campaign(slug: $slug) { publication { state stage { code } objections { number } } } }"
)
PROBLEMS = "problems { code message(language: EN) }"


@dataclass(frozen=True)
class Chain:
    """A selection on a sandbox, which its organizer moves on."""

    sandbox: SandboxServer

    def show(self, when: str) -> None:
        self.sandbox.clock.set(at(when))

    def act(
        self, name: str, arguments: Mapping[str, str], made: str, /, token: str | None = None, **values: Any
    ) -> Any:
        """Have the organizer, or whoever has the token, do something in which nothing stands in the way."""
        declared = ", ".join(f"${key}: {kind}" for key, kind in arguments.items())
        handed = ", ".join(f"{key}: ${key}" for key in arguments)
        document = f"mutation({declared}) {{ {name}({handed}) {{ {made} {PROBLEMS} }} }}"
        organizer = self.sandbox.voters["organizer"]
        voter = organizer if token is None else type(organizer)(**{**vars(organizer), "token": token})
        payload: Json = voter.ask(document, values)[name]
        assert payload["problems"] == [], (name, payload)
        return next(iter(payload.values()))

    def vote(self) -> None:
        """Every vote of its own ballot."""
        for number, votes in enumerate(VOTES, start=1):
            for _ in range(votes):
                cast = {"campaign": SLUG, "projectIds": [project(number)]}
                assert self.sandbox.sign_in().ask(CAST, {"input": cast})["castBallot"]["violations"] == []

    def review(self) -> None:
        """Three experts accept, and score every work alike."""
        self.show("2017-03-25 12:00")
        invitations = [{"name": f"expert {n}"} for n in (1, 2, 3)]
        asked = {"campaign": "String!", "invitations": "[ExpertInvitation!]!"}
        made = self.act("inviteExperts", asked, "invitations { code }", campaign=SLUG, invitations=invitations)
        tokens = [self.sandbox.sign_in().token or "" for _ in made]
        for token, invitation in zip(tokens, made, strict=True):
            self.act("acceptInvitation", {"code": "String"}, "expert { id }", token=token, code=invitation["code"])
        for token in tokens:
            for number, (craft, idea) in enumerate(SCORES, start=1):
                given = {"CRAFT": craft, "IDEA": idea, "NOTE": 3}
                scores = [{"criterion": code, "score": str(score)} for code, score in given.items()]
                saved = {"project": project(number), "input": {"scores": scores}}
                self.act(
                    "saveReview", {"project": "ID!", "input": "ReviewInput!"}, "review { id }", token=token, **saved
                )
                self.act("submitReview", {"project": "ID!"}, "review { id }", token=token, project=project(number))

    def decide(self, stage: str, **sent: Any) -> None:
        """Plan and commit a stage."""
        self._planned("commitSelection", stage, {}, **sent)

    def correct(self, stage: str, **sent: Any) -> None:
        self._planned("correctSelection", stage, {"reason": REASON}, **sent)

    def _planned(self, name: str, stage: str, more: Json, **sent: Any) -> None:
        of = {"campaign": "String!", "stage": "String!", "seed": "String", "decision": "StageDecision"}
        given = {"campaign": SLUG, "stage": stage, **sent}
        digest = self.act("planSelection", of, "plan { digest }", **given)["digest"]
        further = {"digest": "String!"} | ({"reason": "TextInput!"} if more else {})
        self.act(name, of | further, "selection { version }", **given, **more, digest=digest)

    def announce(self, stage: str, until: str) -> None:
        of = {"campaign": "String!", "stage": "String!", "objectionsUntil": "DateTime!"}
        told = {"campaign": SLUG, "stage": stage, "objectionsUntil": at(until).isoformat()}
        self.act("announceSelection", of, "selection { state }", **told)
        self.until_seen(stage, "ANNOUNCED")

    def object(self, stage: str, text: str, number: int) -> str:
        """An objection's id."""
        of = {"campaign": "String!", "stage": "String!", "input": "ObjectionInput!"}
        objection = {"by": "Somebody who is not named", "text": text, "project": project(number)}
        made = "selection { objections { id } }"
        selection = self.act("recordObjection", of, made, campaign=SLUG, stage=stage, input=objection)
        found: str = selection["objections"][-1]["id"]
        return found

    def answer(self, objection: str) -> None:
        of = {"objection": "ID!", "answer": "TextInput!"}
        self.act("answerObjection", of, "selection { state }", objection=objection, answer=ANSWER)

    def confirm(self, stage: str) -> None:
        of = {"campaign": "String!", "stage": "String!"}
        self.act("confirmSelection", of, "selection { state }", campaign=SLUG, stage=stage)
        self.until_seen(stage, "FINAL")

    def until_seen(self, stage: str, state: str, objections: int | None = None) -> None:
        """Everybody sees it within a second or so, and so many objections, where that is said."""
        deadline = time.monotonic() + PATIENCE
        while not self._is_seen(stage, state, objections):
            assert time.monotonic() < deadline, (stage, state, objections)
            time.sleep(0.05)

    def _is_seen(self, stage: str, state: str, objections: int | None) -> bool:
        seen = self.sandbox.ask(SEEN, {"slug": SLUG})["campaign"]["publication"]
        if seen is None or (seen["stage"]["code"], seen["state"]) != (stage, state):
            return False
        return objections is None or len(seen["objections"]) == objections


def project(number: int) -> str:
    return f"project/{SLUG}/{number}"


@contextmanager
def chain(folder: Path) -> Iterator[Chain]:
    """The selection, while one may vote."""
    file = folder / f"{SLUG}.toml"
    file.write_text(FILE.replace(BALLOT, DECIDED).replace("threshold = 150\n", ""), "utf-8")
    with running([file], at=at("2017-03-24 12:00").isoformat(), settings=SETTINGS) as sandbox:
        yield Chain(sandbox)
        assert "Traceback" not in sandbox.log, sandbox.log


def to_objections(chain: Chain) -> None:
    """Four finalists are announced, the last of them by lot; one objection is answered, and one is not."""
    chain.vote()
    chain.review()
    chain.show("2017-04-05 13:00")
    chain.decide("FINALIST", seed=SEED)
    chain.announce("FINALIST", "2017-04-12 17:00")
    chain.show("2017-04-06 09:00")
    chain.answer(chain.object("FINALIST", "作品3与三年前的一件作品雷同。", 3))
    chain.object("FINALIST", "为什么要抽签？", 4)
    chain.until_seen("FINALIST", "ANNOUNCED", objections=2)


def to_the_end(chain: Chain) -> None:
    to_objections(chain)
    from_objections_to_the_end(chain)


def from_objections_to_the_end(chain: Chain) -> None:
    """The third is disqualified and the outcome corrected; two win, a seat stays vacant; all is final."""
    of = {"project": "ID!", "reason": "TextInput!", "replacement": "Replacement!"}
    removed = {"project": project(3), "reason": REASON, "replacement": "REFILL"}
    chain.act("disqualifyProject", of, "project { id }", **removed)
    chain.correct("FINALIST", seed=SEED)
    chain.answer(f"objection/{SLUG}/FINALIST/2")
    chain.show("2017-04-13 09:00")
    chain.confirm("FINALIST")
    chain.decide("WINNER", decision={"selected": [project(2), project(1)], "reason": ADVICE})
    chain.announce("WINNER", "2017-04-20 17:00")
    chain.show("2017-04-21 09:00")
    chain.confirm("WINNER")
