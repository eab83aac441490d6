"""What does a front-end of a vote do, each thing in one call?"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from pingxuan_client._sync.live import Live
from pingxuan_client.answers import Answer
from pingxuan_client.errors import Refused
from pingxuan_client.operations import documents
from pingxuan_client.operations.cast_ballot import CastBallot, CastBallotCastBallot
from pingxuan_client.operations.input_types import CastBallotInput, Credential, ProjectFilter
from pingxuan_client.operations.sign_in import SignIn, SignInSignIn
from pingxuan_client.operations.sync_operations import Operations
from pingxuan_client.operations.turnout import Turnout, TurnoutTurnoutChanged
from pingxuan_client.ranking import Connection, Ranking, RankingReader

T = TypeVar("T")


class Client(Operations):
    """The API at `url`, such as `https://vote.example.cn/graphql`, for whoever `token` belongs to.

    `timeout` is in seconds, for one attempt; `attempts` is how often a request is sent at most; `transport` is httpx's.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        language: str | None = None,
        timeout: float = 40.0,
        attempts: int = 6,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(url, token, language, timeout, attempts, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def sign_in(self, credential: Credential) -> SignInSignIn:
        """Sign in, and do everything from then on as the one who has signed in."""
        answer = self.ask(documents.SIGN_IN, {"with": credential}, repeatable=False)
        session = SignIn.model_validate(answer.whole()).sign_in
        if session is None:
            raise Refused(answer.errors)
        self.token = session.token
        return session

    def sign_out(self) -> None:
        """End all sessions of the viewer, on every device. What is live goes on as a guest's."""
        token, headers = self.token, self.headers()
        self.token = None  # first, as the server closes the sockets of a session that ends
        try:
            (self.ask(documents.SIGN_OUT, repeatable=False, headers=headers)).whole()
        except BaseException:
            self.token = token
            raise

    def cast_ballot(
        self, project_ids: Sequence[str], *, campaign: str | None = None, idempotency_key: str | None = None
    ) -> CastBallotCastBallot:
        """Cast a ballot, once, however often it has to be sent: there is a `ballot`, or `violations` say why not.

        Raises when it is not known whether it was cast; cast it again then, with the same key of your own.
        """
        key = idempotency_key or new_idempotency_key()
        ballot = CastBallotInput(project_ids=list(project_ids), campaign=campaign, idempotency_key=key)
        answer = self.ask(documents.CAST_BALLOT, {"input": ballot})
        cast = CastBallot.model_validate(answer.data).cast_ballot if answer.data else None
        if cast is None:
            raise Refused(answer.errors, answer.data)
        return cast

    def live_ranking(
        self,
        *,
        campaign: str | None = None,
        filter_: ProjectFilter | None = None,
        first: int = 10,
        after: str | None = None,
    ) -> Live[Ranking]:
        """The ranking, whole, whenever a row has moved or the connection has changed."""
        asked = {"campaign": campaign, "filter": filter_, "first": first, "after": after}
        return self._subscribed(documents.RANKING, asked, RankingReader().read)

    def live_turnout(self, *, campaign: str | None = None) -> Live[TurnoutTurnoutChanged]:
        """How many have voted, whenever that has changed."""
        return self._subscribed(documents.TURNOUT, {"campaign": campaign}, _turnout)

    def live(self, query: str, variables: Mapping[str, Any] | None = None) -> Live[Answer]:
        """The answers to a subscription of your own."""
        return self._subscribed(query, variables or {}, _answer)

    def _subscribed(
        self, query: str, variables: Mapping[str, Any], read: Callable[[Answer | Connection], T | None]
    ) -> Live[T]:
        live = Live(self, query, variables, read)
        self.live_now.add(live)
        return live


def _turnout(heard: Answer | Connection) -> TurnoutTurnoutChanged | None:
    return Turnout.model_validate(heard.whole()).turnout_changed if isinstance(heard, Answer) else None


def _answer(heard: Answer | Connection) -> Answer | None:
    return heard if isinstance(heard, Answer) else None


def new_idempotency_key() -> str:
    """A key for one ballot. Keep it with the ballot until the answer is there."""
    return secrets.token_hex(16)
