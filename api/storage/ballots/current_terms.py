"""Keep out ballots that were judged by rules or candidates which have changed since: another process may have loaded them.

A process knows campaigns as they were up to a second ago. The revision tells whether that is still so, and the lock on the
campaign's row keeps it so until the ballot is stored. A new revision alone, of texts for example, refuses nobody.
"""

from collections.abc import Sequence

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.domain.voting.ballots import Admission
from api.storage.campaigns import stored_terms
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

RETRY_AFTER = 1  # seconds after which every process knows what was loaded


async def outdated(transaction: Database, admissions: Sequence[Admission]) -> set[int]:
    """Lock the campaigns of these ballots, and return the indexes of those whose terms have changed since they were judged."""
    judged = {a.judged_by.slug: a.judged_by for a in admissions if a.judged_by is not None}
    revisions = await _locked_revisions(transaction, sorted(judged)) if judged else {}
    current = {slug: revisions.get(slug) for slug in judged}
    return {
        index
        for index, admission in enumerate(admissions)
        if (campaign := admission.judged_by) is not None
        and current[campaign.slug] != campaign.revision
        and not await _has_terms(transaction, campaign)
    }


async def _locked_revisions(transaction: Database, slugs: Sequence[str]) -> dict[str, int]:
    placeholders = ", ".join(f"${n}" for n in range(1, len(slugs) + 1))
    # The lock that a ballot's reference to its campaign takes anyway. SQLite has one writing transaction at a time.
    lock = " for key share" if transaction.dialect is Dialect.POSTGRES else ""
    rows = await transaction.rows(f"select slug, revision from campaigns where slug in ({placeholders}){lock}", *slugs)  # noqa: S608 - placeholders only
    return {row["slug"]: row["revision"] for row in rows}


async def _has_terms(transaction: Database, campaign: Campaign) -> bool:
    return await stored_terms(transaction, campaign.slug) == campaign.terms


def campaign_changed() -> ApiError:
    """The error of a ballot that has to be judged anew."""
    return ApiError(
        ErrorCode.OVERLOADED,
        Text(
            f"评选的规则或候选项目刚刚更新，请{RETRY_AFTER}秒后重试。",
            f"The campaign's rules or candidates have just changed. Retry after {RETRY_AFTER} s.",
        ),
        retryAfter=RETRY_AFTER,
    )
