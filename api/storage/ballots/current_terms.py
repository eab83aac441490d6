"""Keep out ballots that were judged by rules or candidates which have changed since: another process may have loaded them.

A process knows campaigns as they were up to a second ago. The revision tells whether that is still so, and the lock on the
campaign's row keeps it so until the ballot is stored. A new revision alone, of texts for example, refuses nobody.
"""

from collections.abc import Sequence

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.domain.voting.ballots import Admission
from api.storage.ballots.lookup import placeholders
from api.storage.campaigns import stored_terms
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

RETRY_AFTER = 1  # seconds after which every process knows what was loaded


async def outdated(transaction: Database, admissions: Sequence[Admission]) -> set[int]:
    """Lock the campaigns of these ballots, and return the indexes of those whose terms have changed since they were judged."""
    judged = {index: campaign for index, each in enumerate(admissions) if (campaign := each.judged_by) is not None}
    if not judged:
        return set()
    revisions = await _locked_revisions(transaction, sorted({campaign.slug for campaign in judged.values()}))
    older = {index: campaign for index, campaign in judged.items() if revisions.get(campaign.slug) != campaign.revision}
    terms = {slug: await stored_terms(transaction, slug) for slug in {campaign.slug for campaign in older.values()}}
    return {index for index, campaign in older.items() if terms[campaign.slug] != campaign.terms}


async def _locked_revisions(transaction: Database, slugs: Sequence[str]) -> dict[str, int]:
    # The lock that a ballot's reference to its campaign takes anyway. SQLite has one writing transaction at a time.
    lock = " for key share" if transaction.dialect is Dialect.POSTGRES else ""
    query = f"select slug, revision from campaigns where slug in ({placeholders(slugs)}){lock}"  # noqa: S608 - placeholders only
    rows = await transaction.rows(query, *slugs)
    return {row["slug"]: row["revision"] for row in rows}


def campaign_changed() -> ApiError:
    """The error of a ballot that has to be judged anew."""
    return ApiError(
        ErrorCode.OVERLOADED,
        Text(
            "评选的规则或候选项目刚刚更新，请{retry_after}秒后重试。",
            "The campaign's rules or candidates have just changed. Retry after {retry_after} s.",
            retry_after=RETRY_AFTER,
        ),
        retryAfter=RETRY_AFTER,
    )
