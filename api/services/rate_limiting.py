"""How often one caller may ask: a token bucket for each, in bounded memory, which several processes share.

A bucket holds as many requests as a minute allows and fills up again steadily. It is kept as one number, the moment at which
it will be full: a request moves that moment on, and one that would move it more than a minute ahead is refused. An operation
that costs much counts as several requests. Once a second the processes tell each other how much the busiest callers have
spent, so that more processes are not more buckets.
"""

import asyncio
import hashlib
import hmac
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from typing import TypeAlias

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.limits import Limits
from api.ports import RateLimitUsage

COST_PER_REQUEST = 1_000  # of cost for which an operation counts as one request more
WINDOW = 60.0  # seconds in which an empty bucket fills up
PERIOD = 10  # seconds after which a caller has another key in the shared store
MAX_BUCKETS = 50_000  # of a process; the one used longest ago is forgotten first, and most of those are full again
MAX_SHARED_BUCKETS = 500  # buckets whose spending a process tells at once, the busiest first
MIN_SHARED_SPENDING = 0.1 / WINDOW  # of a bucket: whoever spends less in a second is no concern of other processes
EXCHANGE_INTERVAL = 1.0  # seconds between two exchanges
log = logging.getLogger("pingxuan.throttling")
COUNTED = {  # what a bucket counts, in both languages
    "address": ("同一地址每分钟的请求", "requests a minute from one address"),
    "voter": ("同一用户每分钟的请求", "requests a minute from one voter"),
    "sign-in": ("同一地址每分钟的登录", "sign-ins a minute from one address"),
    "connections": ("同一地址的连接", "connections from one address"),
}
BucketKey: TypeAlias = tuple[str, str]  # the name of the bucket, and whose it is


@dataclass(frozen=True, slots=True)
class RateLimitResult:
    """What a bucket says of a request. left: requests that may follow at once; full: seconds until as many as ever may.

    wait: seconds until the refused request may come again, 0 for one that is admitted.
    """

    bucket: str
    quota: int
    left: int
    full: float
    wait: float = 0.0

    @property
    def retry_after(self) -> int:
        """The waiting time in whole seconds, at least one."""
        return max(1, ceil(self.wait))


class RateLimiter:
    """The buckets of one process. clock gives seconds since 1970; secret makes the keys that are shared."""

    def __init__(self, limits: Limits, clock: Callable[[], float], secret: bytes) -> None:
        self._clock = clock
        self._key = hmac.digest(secret, b"throttle", hashlib.sha256)
        self._quotas = {"address": limits.requests, "voter": limits.requests_per_voter, "sign-in": limits.sign_ins}
        self._full_at: OrderedDict[BucketKey, float] = OrderedDict()
        self._spent: dict[BucketKey, int] = {}
        self._known: dict[str, int] = {}
        self._period = 0

    def take(self, bucket: str, caller: str) -> RateLimitResult | None:
        """Take one request out of this caller's bucket; None when there is no such limit. A refusal takes nothing."""
        quota = self._quotas[bucket]
        return self._take(bucket, quota, caller, 1) if quota else None

    def take_cost(self, bucket: str, caller: str, cost: int) -> RateLimitResult | None:
        """Take what an operation of this cost counts for beyond the request that was taken for it; None for nothing.

        That is never more than the rest of a full bucket, so that whoever waits gets the dearest of operations answered.
        """
        quota = self._quotas[bucket]
        more = min(cost // COST_PER_REQUEST, quota - 1)
        if more < 1:
            return None
        taken = self._take(bucket, quota, caller, more)
        if taken.wait:  # it is a request when it returns
            return replace(taken, wait=taken.wait + WINDOW / quota)
        return taken

    def _take(self, bucket: str, quota: int, caller: str, requests: int) -> RateLimitResult:
        now, key, each = self._clock(), (bucket, caller), WINDOW / quota
        before = self._ahead(key, now)
        ahead = before + requests * each
        if ahead > WINDOW + each / 1000:
            self._full_at[key] = now + before  # earlier than it was, if the clock was set back
            return RateLimitResult(bucket, quota, _left(before, each), before, ahead - WINDOW)
        self._put(key, now + ahead)
        self._spent[key] = self._spent.get(key, 0) + requests
        return RateLimitResult(bucket, quota, _left(ahead, each), ahead)

    async def exchange(self, spendings: RateLimitUsage) -> None:
        """Tell what the busiest callers have spent here, and take out what they have spent at other processes."""
        worth = {key: spent for key, spent in self._spent.items() if spent > MIN_SHARED_SPENDING * self._quotas[key[0]]}
        busiest = dict(sorted(worth.items(), key=lambda pair: -pair[1])[:MAX_SHARED_BUCKETS])
        self._spent.clear()
        if not busiest:
            return
        period = int(self._clock() // PERIOD)
        callers = {self._digest(caller, period): caller for caller in busiest}
        totals = await spendings.add({digest: busiest[caller] for digest, caller in callers.items()}, period)
        if period != self._period:
            self._period, self._known = period, {}
        for digest, caller in callers.items():
            self._charge(caller, totals[digest] - self._known.get(digest, 0) - busiest[caller])
        self._known.update(totals)

    async def keep_exchanging(self, spendings: RateLimitUsage) -> None:
        """Exchange once a second until cancelled. While the store is away, every process counts for itself."""
        while True:
            await asyncio.sleep(EXCHANGE_INTERVAL)
            try:
                await self.exchange(spendings)
            except Exception:
                log.exception("what callers have spent could not be exchanged; each process counts for itself")

    def _charge(self, caller: BucketKey, others: int) -> None:
        if others > 0:
            now, each = self._clock(), WINDOW / self._quotas[caller[0]]
            self._put(caller, now + min(self._ahead(caller, now) + others * each, WINDOW))

    def _ahead(self, caller: BucketKey, now: float) -> float:
        """Seconds until the bucket is full; never more than an empty one takes."""
        return min(max(self._full_at.get(caller, now) - now, 0.0), WINDOW)

    def _put(self, caller: BucketKey, full_at: float) -> None:
        self._full_at[caller] = full_at
        self._full_at.move_to_end(caller)
        if len(self._full_at) > MAX_BUCKETS:
            self._spent.pop(self._full_at.popitem(last=False)[0], None)

    def _digest(self, caller: BucketKey, period: int) -> str:
        """What stands for a caller in the shared store: another text in every period, and none without the secret."""
        return hmac.digest(self._key, repr((*caller, period)).encode(), hashlib.sha256).hex()[:32]


def _left(ahead: float, each: float) -> int:
    return int((WINDOW - ahead) / each + 0.001)


def rate_limited(taken: RateLimitResult) -> ApiError:
    """The fault of a caller who asks too often."""
    zh, en = COUNTED[taken.bucket]
    return ApiError(
        ErrorCode.RATE_LIMITED,
        Text(
            f"{zh}过多：最多{taken.quota}。请{taken.retry_after}秒后重试。",
            f"Too many {en}: {taken.quota} are taken. Retry after {taken.retry_after} s.",
        ),
        limit=taken.bucket,
        most=taken.quota,
        retryAfter=taken.retry_after,
    )
