"""Queries about ballot logs: the newest checkpoint, and that one continues another."""

from typing import Annotated

import strawberry

from api.context import Context, Info
from api.domain.errors import ApiError, bad_input, not_found
from api.domain.log.published_log import PublishedLog
from api.domain.texts import Text
from api.schema.common.scalars import SafeInt
from api.schema.inputs import CampaignArgument
from api.schema.proof.log_types import Checkpoint
from api.schema.proof.proof_types import ConsistencyProof

From = Annotated[
    SafeInt,
    strawberry.argument(name="from", description="The `size` of the checkpoint that you kept; 0 for the empty log."),
]
To = Annotated[SafeInt, strawberry.argument(description="The `size` of a later one, up to that of the newest.")]


@strawberry.type
class LogQueries:
    """Root fields that read the ballot log."""

    @strawberry.field(
        description="The newest checkpoint of a campaign's ballot log, as in `Campaign.log`; null before the first ballots are "
        "sealed, and where this server keeps no log. It is at most a second old."
    )
    def checkpoint(self, info: Info, campaign: CampaignArgument = None) -> Checkpoint | None:
        """The checkpoint."""
        context, found = info.context, info.context.campaign(campaign)
        log = context.newest_log(found.slug)
        return None if context.logs.keys is None else Checkpoint.of(log, found)

    @strawberry.field(
        description="The proof that the ballot log of one size continues that of another: `consistency(from: 512, to: 70000)`. "
        "Whoever keeps a checkpoint and verifies this against the next knows that nothing before it was changed."
    )
    async def consistency(
        self, info: Info, from_: From, to: To, campaign: CampaignArgument = None
    ) -> ConsistencyProof | None:
        """The proof."""
        context, found = info.context, info.context.campaign(campaign)
        if context.logs.keys is None:
            raise not_found(Text("本服务未启用选票日志。", "This server keeps no ballot logs."), argument="campaign")
        log = await _log(context, found.slug, to)
        if not 0 <= from_ <= to <= log.size:
            raise _out_of_range(log, from_, to)
        return ConsistencyProof.of(from_, to, await context.log_proofs.consistency(log, from_, to))


async def _log(context: Context, campaign: str, size: int) -> PublishedLog:
    """The log, read again where another process may have published more of it."""
    log = context.logs.newest(context.snapshot, campaign)
    return await context.logs.at_least(context.snapshot, campaign, log.generation, size) or log


def _out_of_range(log: PublishedLog, old: int, new: int) -> ApiError:
    given = Text("from为{old}，to为{new}。", "from is {old} and to is {new}.", old=old, new=new)
    if not log.size:
        return bad_input(
            Text(
                "此评选的选票日志尚未公布任何检查点。{given}",
                "No checkpoint of this ballot log is published yet. {given}",
                given=given,
            )
        )
    return bad_input(
        Text(
            "须0 ≤ from ≤ to ≤ {size}，后者为最新检查点的size。{given}",
            "Sizes have to be such that 0 ≤ from ≤ to ≤ {size}, the `size` of the newest checkpoint. {given}",
            size=log.size,
            given=given,
        ),
        argument="from" if new <= log.size else "to",
        most=log.size,
        actual=new if new > log.size else old,
    )
