"""Why a sign-in came to nothing: a closed set of reasons, and whether trying again can help."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from api.domain.faults import Fault, FaultCode
from api.domain.texts import Text


class Reason(Enum):
    """`extensions.reason` of SIGN_IN_FAILED and SIGN_IN_UNAVAILABLE."""

    CODE_INVALID = "WeChat does not know the code, or it is too old, or another app's. Fetch a new one."
    CODE_USED = "The code has been used; each works once. Fetch a new one."
    ACCOUNT_AT_RISK = "WeChat keeps this account from signing in, because it holds it for a high risk."
    ACCOUNT_IS_SNAPSHOT = "It is the passing account of a page preview. The person has to open the full page."
    UNIONID_MISSING = "WeChat gave no unionid, without which one person could be two voters."
    TOKEN_INVALID = "The ID token cannot be read, or its signature or algorithm is wrong."  # noqa: S105
    TOKEN_EXPIRED = "The ID token is too old. Ask the provider for a new one."  # noqa: S105
    TOKEN_NOT_YET_VALID = "The ID token is from the future. Wait a moment, or set the clocks."  # noqa: S105
    TOKEN_NOT_FOR_US = "The ID token is from another issuer, or for another application."  # noqa: S105
    NONCE_WRONG = "The nonce is missing, or not the one in the ID token. Begin the sign-in anew."
    KEY_UNKNOWN = "The issuer publishes no such key; just after a rotation it will in a moment."
    CLAIM_REFUSED = "A claim that this server asks for is missing, or has a value it does not accept."
    CLAIM_UNACCOUNTED = "The ID token has a claim that this server was not told what to do about."
    TOO_MANY_ATTEMPTS = "The provider counts too many sign-ins just now."
    PROVIDER_BUSY = "The provider is busy and said so twice."
    PROVIDER_UNREACHABLE = "The provider did not answer in time, or cannot be reached."
    PROVIDER_FAILED = "The provider's answer was a failure, or no answer at all."
    NEEDS_STAFF = "This server's sign-in is set up wrongly. Its staff finds the cause in the log."


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is said of a reason. pause: seconds after which a retry makes sense; 0 is at once, None is never."""

    pause: int | None
    message: Text


FAILURES: Mapping[Reason, _Verdict] = {
    Reason.CODE_INVALID: _Verdict(
        0,
        Text(
            "登录code无效或已过期，请重新获取。", "The code is invalid or too old. Fetch a new one and sign in again."
        ),
    ),
    Reason.CODE_USED: _Verdict(
        0, Text("登录code已被使用，请重新获取。", "The code has been used. Fetch a new one and sign in again.")
    ),
    Reason.ACCOUNT_AT_RISK: _Verdict(
        None,
        Text("微信因账号风险拦截了登录。", "WeChat blocks sign-in for this account, for its own security reasons."),
    ),
    Reason.ACCOUNT_IS_SNAPSHOT: _Verdict(
        None,
        Text(
            "当前为快照页虚拟账号，请使用完整服务后再登录。",
            "This is a page preview. Open the full page, then sign in.",
        ),
    ),
    Reason.UNIONID_MISSING: _Verdict(
        None,
        Text(
            "微信未返回unionid：网页请用snsapi_userinfo授权，小程序须绑定开放平台。",
            "WeChat gave no unionid. On web pages, authorize with snsapi_userinfo; bind both apps to one Open Platform.",
        ),
    ),
    Reason.TOKEN_INVALID: _Verdict(
        None, Text("ID令牌无法验证。", "The ID token cannot be verified. Send it as the provider issued it.")
    ),
    Reason.TOKEN_EXPIRED: _Verdict(
        0, Text("ID令牌已过期，请重新获取。", "The ID token is too old. Get a new one from the provider.")
    ),
    Reason.TOKEN_NOT_YET_VALID: _Verdict(
        10, Text("ID令牌尚未生效。", "The ID token is not valid yet. The provider's clock and ours differ.")
    ),
    Reason.TOKEN_NOT_FOR_US: _Verdict(
        None, Text("ID令牌不是为本服务签发的。", "The ID token was not issued by this provider for this service.")
    ),
    Reason.NONCE_WRONG: _Verdict(
        None,
        Text(
            "nonce缺失或不符，请重新登录。",
            "The nonce is missing or another one. Begin the sign-in at the provider anew.",
        ),
    ),
    Reason.KEY_UNKNOWN: _Verdict(
        15,
        Text(
            "签名所用密钥未公布，请稍后重试。", "The ID token is signed with a key that the provider does not publish."
        ),
    ),
    Reason.CLAIM_REFUSED: _Verdict(
        None,
        Text("ID令牌中的声明不符合本服务的要求。", "A claim of the ID token does not meet what this service asks for."),
    ),
    Reason.CLAIM_UNACCOUNTED: _Verdict(
        None, Text("ID令牌中有本服务未说明的声明。", "The ID token has a claim that this service was not told about.")
    ),
}
OUTAGES: Mapping[Reason, _Verdict] = {
    Reason.TOO_MANY_ATTEMPTS: _Verdict(
        60, Text("登录过于频繁，请一分钟后再试。", "There were too many sign-ins. Try again in a minute.")
    ),
    Reason.PROVIDER_BUSY: _Verdict(
        5, Text("登录服务繁忙，请稍后再试。", "The provider is busy. Try again in a moment.")
    ),
    Reason.PROVIDER_UNREACHABLE: _Verdict(
        5, Text("登录服务暂无响应，请稍后再试。", "The provider does not answer. Try again in a moment.")
    ),
    Reason.PROVIDER_FAILED: _Verdict(
        15, Text("登录服务出错，请稍后再试。", "The provider failed. Try again in a moment.")
    ),
    Reason.NEEDS_STAFF: _Verdict(
        None,
        Text(
            "登录暂不可用，已通知管理员。", "Signing in this way does not work here now; the log tells the staff why."
        ),
    ),
}


def turned_away(reason: Reason, **details: object) -> Fault:
    """SIGN_IN_FAILED or SIGN_IN_UNAVAILABLE with `reason`, `retryable` and, where waiting helps, `retryAfter`."""
    code = FaultCode.SIGN_IN_FAILED if reason in FAILURES else FaultCode.SIGN_IN_UNAVAILABLE
    verdict = FAILURES[reason] if reason in FAILURES else OUTAGES[reason]
    wait = {"retryAfter": verdict.pause} if verdict.pause else {}
    told = {"reason": reason.name, "retryable": verdict.pause is not None}
    return Fault(code, verdict.message, **told, **wait, **details)
