from datetime import date

from pingxuan_client._async.http import AsyncHttp

from . import documents
from .ballot import Ballot
from .base_model import UNSET, UnsetType
from .campaign import Campaign
from .candidate import Candidate
from .candidates import Candidates
from .check_ballot import CheckBallot
from .input_types import (
    CastBallotInput,
    ProjectFilter,
    ProjectOrder,
    ResultOrder,
)
from .results import Results
from .sign_in_methods import SignInMethods
from .viewer import Viewer


class AsyncOperations(AsyncHttp):
    """One method for each query."""

    async def campaign(self, campaign: str | None | UnsetType = UNSET) -> Campaign:
        variables: dict[str, object] = {"campaign": campaign}
        data = await self.execute(documents.CAMPAIGN, variables)
        return Campaign.model_validate(data)

    async def candidates(
        self,
        campaign: str | None | UnsetType = UNSET,
        filter_: ProjectFilter | None | UnsetType = UNSET,
        order_by: ProjectOrder | None | UnsetType = UNSET,
        then_by: list[ProjectOrder] | None | UnsetType = UNSET,
        first: int | None | UnsetType = UNSET,
        after: str | None | UnsetType = UNSET,
        last: int | None | UnsetType = UNSET,
        before: str | None | UnsetType = UNSET,
    ) -> Candidates:
        variables: dict[str, object] = {
            "campaign": campaign,
            "filter": filter_,
            "orderBy": order_by,
            "thenBy": then_by,
            "first": first,
            "after": after,
            "last": last,
            "before": before,
        }
        data = await self.execute(documents.CANDIDATES, variables)
        return Candidates.model_validate(data)

    async def candidate(self, number: int, campaign: str | None | UnsetType = UNSET) -> Candidate:
        variables: dict[str, object] = {"number": number, "campaign": campaign}
        data = await self.execute(documents.CANDIDATE, variables)
        return Candidate.model_validate(data)

    async def results(
        self,
        campaign: str | None | UnsetType = UNSET,
        filter_: ProjectFilter | None | UnsetType = UNSET,
        order_by: ResultOrder | None | UnsetType = UNSET,
        then_by: list[ResultOrder] | None | UnsetType = UNSET,
        day: date | None | UnsetType = UNSET,
        first: int | None | UnsetType = UNSET,
        after: str | None | UnsetType = UNSET,
        last: int | None | UnsetType = UNSET,
        before: str | None | UnsetType = UNSET,
    ) -> Results:
        variables: dict[str, object] = {
            "campaign": campaign,
            "filter": filter_,
            "orderBy": order_by,
            "thenBy": then_by,
            "day": day,
            "first": first,
            "after": after,
            "last": last,
            "before": before,
        }
        data = await self.execute(documents.RESULTS, variables)
        return Results.model_validate(data)

    async def sign_in_methods(self) -> SignInMethods:
        variables: dict[str, object] = {}
        data = await self.execute(documents.SIGN_IN_METHODS, variables)
        return SignInMethods.model_validate(data)

    async def viewer(self, campaign: str | None | UnsetType = UNSET) -> Viewer:
        variables: dict[str, object] = {"campaign": campaign}
        data = await self.execute(documents.VIEWER, variables)
        return Viewer.model_validate(data)

    async def check_ballot(self, input: CastBallotInput) -> CheckBallot:
        variables: dict[str, object] = {"input": input}
        data = await self.execute(documents.CHECK_BALLOT, variables)
        return CheckBallot.model_validate(data)

    async def ballot(self, id: str) -> Ballot:
        variables: dict[str, object] = {"id": id}
        data = await self.execute(documents.BALLOT, variables)
        return Ballot.model_validate(data)
