"""Limit the rate of requests: a token bucket for each caller, in bounded memory, which several processes share.

A bucket holds as many requests as a minute allows and fills up again steadily. It is kept as one number, the moment at which
it will be full: a request moves that moment on, and one that would move it more than a minute ahead is refused. An operation
that costs much counts as several requests. Once a second the processes add up what the busiest callers have used, so that
more processes are not more buckets.
"""

import asyncio
import hashlib
import hmac
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from typing import TypeAlias

from api.addresses import rate_limit_address
from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.domain.value_classes import value
from api.limits import Limits
from api.ports import RateLimitUsage
from api.services.authorization import Viewer

COST_PER_REQUEST = 1_000  # of cost for which an operation counts as one request more
WINDOW = 60.0  # seconds in which an empty bucket fills up
PERIOD = 10  # seconds after which a caller has another key in the shared store
MAX_BUCKETS = 50_000  # of a process; the one used longest ago is forgotten first, and most of those are full again
MAX_SHARED_BUCKETS = 500  # buckets whose usage a process shares at once, the busiest first
MIN_SHARED_USAGE = 0.1 / WINDOW  # of a bucket: what uses less in a second is not shared
EXCHANGE_INTERVAL = 1.0  # seconds between two exchanges
log = logging.getLogger("pingxuan.rate_limiting")
REFUSALS = {  # what is said of a bucket that is empty; {} is the most that it holds
    "address": ("请求过多：同一地址每分钟最多{}次。", "Too many requests: at most {} a minute from one address."),
    "voter": ("请求过多：同一用户每分钟最多{}次。", "Too many requests: at most {} a minute from one voter."),
    "sign-in": ("登录过多：同一地址每分钟最多{}次。", "Too many sign-ins: at most {} a minute from one address."),
    "image": ("图片请求过多：同一地址每分钟最多{}次。", "Too many images: at most {} a minute for one address."),
    "log": (
        "日志文件请求过多：同一地址每分钟最多{}次。",
        "Too many files of logs: at most {} a minute for one address.",
    ),
    "connections": ("连接过多：同一地址最多{}个。", "Too many connections: at most {} from one address."),
}
BucketKey: TypeAlias = tuple[str, str]  # the name of the bucket, and whose it is


@value
class RateLimitResult:
    """How a bucket stands after a request. left: requests that may follow at once; full: seconds until it is full.

    wait: seconds until the refused request may be sent again, 0 for one that is admitted.
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
    """The buckets of one process. clock: seconds since 1970; secret: makes the keys that are shared."""

    def __init__(self, limits: Limits, clock: Callable[[], float], secret: bytes) -> None:
        self._clock = clock
        self._key = hmac.digest(secret, b"throttle", hashlib.sha256)
        self._quotas = {
            "address": limits.requests,
            "voter": limits.requests_per_voter,
            "sign-in": limits.sign_ins,
            "image": limits.image_requests,
            "log": limits.log_requests,
        }
        self._full_at: OrderedDict[BucketKey, float] = OrderedDict()
        self._used: dict[BucketKey, int] = {}  # requests since the last exchange
        self._totals: dict[str, int] = {}  # of all processes, by shared key, as of the last exchange
        self._period = 0

    def take(self, bucket: str, caller: str) -> RateLimitResult | None:
        """Take one request out of this caller's bucket; None when there is no such limit. A refusal takes nothing."""
        quota = self._quotas[bucket]
        return self._take(bucket, quota, caller, 1) if quota else None

    def take_cost(self, bucket: str, caller: str, cost: int) -> RateLimitResult | None:
        """Take what an operation of this cost counts for beyond the request that was taken for it; None for nothing.

        That is never more than the rest of a full bucket, so that even the most expensive operation is answered after a wait.
        """
        quota = self._quotas[bucket]
        requests = min(cost // COST_PER_REQUEST, quota - 1)
        if requests < 1:
            return None
        result = self._take(bucket, quota, caller, requests)
        if result.wait:  # when it is sent again it counts as a request, too
            return replace(result, wait=result.wait + WINDOW / quota)
        return result

    def _take(self, bucket: str, quota: int, caller: str, requests: int) -> RateLimitResult:
        now, key, interval = self._clock(), (bucket, caller), WINDOW / quota
        before = self._seconds_to_full(key, now)
        after = before + requests * interval
        if after > WINDOW + interval / 1000:
            self._full_at[key] = now + before  # earlier than it was, if the clock was set back
            return RateLimitResult(bucket, quota, _left(before, interval), before, after - WINDOW)
        self._set_full_at(key, now + after)
        self._used[key] = self._used.get(key, 0) + requests
        return RateLimitResult(bucket, quota, _left(after, interval), after)

    async def exchange(self, usage: RateLimitUsage) -> None:
        """Share what the busiest callers have used here, and take what they have used at other processes."""
        shared = {key: used for key, used in self._used.items() if used > MIN_SHARED_USAGE * self._quotas[key[0]]}
        busiest = dict(sorted(shared.items(), key=lambda pair: -pair[1])[:MAX_SHARED_BUCKETS])
        self._used.clear()
        if not busiest:
            return
        period = int(self._clock() // PERIOD)
        keys = {self._digest(key, period): key for key in busiest}
        totals = await usage.add({digest: busiest[key] for digest, key in keys.items()}, period)
        if period != self._period:
            self._period, self._totals = period, {}
        for digest, key in keys.items():
            self._charge(key, totals[digest] - self._totals.get(digest, 0) - busiest[key])
        self._totals.update(totals)

    async def keep_exchanging(self, usage: RateLimitUsage) -> None:
        """Exchange once a second until cancelled. While the store is away, every process counts for itself."""
        while True:
            await asyncio.sleep(EXCHANGE_INTERVAL)
            try:
                await self.exchange(usage)
            except Exception:
                log.exception("what callers have spent could not be exchanged; each process counts for itself")

    def _charge(self, key: BucketKey, requests: int) -> None:
        """Take what was used at other processes; what a bucket lacks is forgiven."""
        if requests > 0:
            now, interval = self._clock(), WINDOW / self._quotas[key[0]]
            self._set_full_at(key, now + min(self._seconds_to_full(key, now) + requests * interval, WINDOW))

    def _seconds_to_full(self, key: BucketKey, now: float) -> float:
        """Seconds until the bucket is full; never more than an empty one takes."""
        return min(max(self._full_at.get(key, now) - now, 0.0), WINDOW)

    def _set_full_at(self, key: BucketKey, full_at: float) -> None:
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > MAX_BUCKETS:
            self._used.pop(self._full_at.popitem(last=False)[0], None)

    def _digest(self, key: BucketKey, period: int) -> str:
        """The bucket's key in the shared store: another text in every period, and not to be made without the secret."""
        return hmac.digest(self._key, repr((*key, period)).encode(), hashlib.sha256).hex()[:32]


def _left(seconds_to_full: float, interval: float) -> int:
    return int((WINDOW - seconds_to_full) / interval + 0.001)


class RequestRateLimits:
    """Takes one request out of the buckets of its address and of its voter, where that is known.

    voter_result: how the voter's bucket stands. Methods that return a result leave it to the caller to refuse.
    """

    __slots__ = ("_address", "_rate_limiter", "_viewer", "_voter", "voter_result")

    def __init__(self, rate_limiter: RateLimiter, address: str, viewer: Viewer) -> None:
        self._rate_limiter = rate_limiter
        self._address = address
        self._viewer = viewer
        self._voter: str | None = None
        self.voter_result: RateLimitResult | None = None

    def take_request(self) -> RateLimitResult | None:
        """Take a request out of the voter's bucket; the address's is the middleware's. None without a valid token."""
        self._voter = self._viewer.rate_limit_key()
        if self._voter is not None:
            self.voter_result = self._rate_limiter.take("voter", self._voter)
        return self.voter_result

    def take_cost(self, cost: int) -> RateLimitResult | None:
        """Take what an operation of this cost counts for beyond a request out of both buckets.

        Returns the result of the bucket that lacks it, None if neither does.
        """
        if cost < COST_PER_REQUEST:
            return None
        result = self._rate_limiter.take_cost("address", rate_limit_address(self._address), cost)
        if self._voter is not None and (result is None or not result.wait):
            result = self._rate_limiter.take_cost("voter", self._voter, cost)
            self.voter_result = result or self.voter_result
        return result if result is not None and result.wait else None

    def take_operation(self) -> None:
        """Take an operation that came by a WebSocket or an event stream out of both buckets. Raises ApiError RATE_LIMITED."""
        by_address = self._rate_limiter.take("address", rate_limit_address(self._address))
        for result in (by_address, self.take_request()):
            _raise_if_refused(result)

    def take_sign_in(self) -> None:
        """Take an attempt to sign in out of the bucket of the address. Raises ApiError RATE_LIMITED."""
        _raise_if_refused(self._rate_limiter.take("sign-in", rate_limit_address(self._address)))


def _raise_if_refused(result: RateLimitResult | None) -> None:
    if result is not None and result.wait:
        raise rate_limited(result)


def rate_limited(result: RateLimitResult) -> ApiError:
    """The error of a caller who sends too many requests."""
    zh, en = (words.format(result.quota) for words in REFUSALS[result.bucket])
    return ApiError(
        ErrorCode.RATE_LIMITED,
        Text(
            "{zh}请{retry_after}秒后重试。",
            "{en} Retry after {retry_after} s.",
            zh=zh,
            retry_after=result.retry_after,
            en=en,
        ),
        limit=result.bucket,
        most=result.quota,
        retryAfter=result.retry_after,
    )
