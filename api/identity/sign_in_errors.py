"""The reasons for which a sign-in can fail, a closed set, and whether to retry after each."""

# ruff: noqa: S105 - names that begin with TOKEN hold sentences, not passwords

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text


class SignInError(Enum):
    """The `extensions.reason` of SIGN_IN_FAILED and SIGN_IN_UNAVAILABLE; values go into docs/errors.md."""

    CODE_INVALID = (
        "WeChat does not know the code, or it is too old, or another app's. Fetch a new one; when every one fails, "
        "client and server use different apps."
    )
    CODE_USED = "The code has been used; each works once. Fetch a new one for every attempt."
    ACCOUNT_AT_RISK = (
        "WeChat keeps this account from signing in, because it holds it for a high risk. The person turns to "
        "WeChat, or to another door."
    )
    ACCOUNT_IS_SNAPSHOT = (
        "It is the passing account of a page preview. Ask the person to open the full page, then authorize again."
    )
    UNIONID_MISSING = (
        "WeChat gave no unionid, without which one person could be two voters. Authorize with `snsapi_userinfo`; "
        "staff bind the app to the Open Platform account."
    )
    TOKEN_INVALID = (
        "The ID token cannot be read, or its signature or algorithm is wrong. Send it unchanged; it is signed with "
        "RS256, ES256 or EdDSA."
    )
    TOKEN_EXPIRED = "The ID token is too old. Ask the provider for a new one."
    TOKEN_NOT_YET_VALID = (
        "The ID token is from the future. Wait a moment; if that does not help, one of the clocks is wrong."
    )
    TOKEN_NOT_FOR_US = (
        "The ID token is from another issuer, or for another application: `claim` says what differs. Check "
        "`provider`; staff check `audiences`."
    )
    NONCE_WRONG = (
        "The nonce is missing, or not the one in the ID token. Begin the sign-in at the provider anew, and send "
        "its nonce along."
    )
    KEY_UNKNOWN = "The issuer publishes no such key. Wait: just after a rotation it will in a moment."
    CLAIM_REFUSED = (
        "The claim named by `claim` is missing, or has a value that is not accepted here. The person lacks what "
        "this vote asks for, or the provider sends it otherwise."
    )
    CLAIM_UNACCOUNTED = (
        "The ID token has a claim, named by `claim`, that this server was not told what to do about. Staff check "
        "it, then map or ignore it in the providers file."
    )
    TOO_MANY_ATTEMPTS = "The provider counts too many sign-ins just now. Wait a minute."
    PROVIDER_BUSY = "The provider is busy and said so twice. Wait a moment."
    PROVIDER_UNREACHABLE = (
        "The provider did not answer in time, or cannot be reached. Wait a moment; staff see whether this server "
        "reaches it."
    )
    PROVIDER_FAILED = (
        "The provider's answer was a failure, or no answer at all. Wait a moment; the log tells staff what came "
        "instead."
    )
    NEEDS_STAFF = (
        "This server's sign-in is set up wrongly. Retrying does not help; staff find the errcode or the mistake in "
        "the log."
    )


@dataclass(frozen=True, slots=True)
class SignInErrorInfo:
    """The message of a reason. retry_after: seconds until a retry makes sense; 0 is at once, None is never."""

    retry_after: int | None
    message: Text


# Failures of the credential or the person: SIGN_IN_FAILED.
REJECTIONS: Mapping[SignInError, SignInErrorInfo] = {
    SignInError.CODE_INVALID: SignInErrorInfo(
        0,
        Text(
            "登录code无效或已过期，请重新获取。", "The code is invalid or too old. Fetch a new one and sign in again."
        ),
    ),
    SignInError.CODE_USED: SignInErrorInfo(
        0, Text("登录code已被使用，请重新获取。", "The code has been used. Fetch a new one and sign in again.")
    ),
    SignInError.ACCOUNT_AT_RISK: SignInErrorInfo(
        None,
        Text("微信因账号风险拦截了登录。", "WeChat blocks sign-in for this account, for its own security reasons."),
    ),
    SignInError.ACCOUNT_IS_SNAPSHOT: SignInErrorInfo(
        None,
        Text(
            "当前为快照页虚拟账号，请使用完整服务后再登录。",
            "This is a page preview. Open the full page, then sign in.",
        ),
    ),
    SignInError.UNIONID_MISSING: SignInErrorInfo(
        None,
        Text(
            "微信未返回unionid：网页请用snsapi_userinfo授权，小程序须绑定开放平台。",
            "WeChat gave no unionid. On web pages, authorize with snsapi_userinfo; bind both apps to one Open Platform.",
        ),
    ),
    SignInError.TOKEN_INVALID: SignInErrorInfo(
        None, Text("ID令牌无法验证。", "The ID token cannot be verified. Send it as the provider issued it.")
    ),
    SignInError.TOKEN_EXPIRED: SignInErrorInfo(
        0, Text("ID令牌已过期，请重新获取。", "The ID token is too old. Get a new one from the provider.")
    ),
    SignInError.TOKEN_NOT_YET_VALID: SignInErrorInfo(
        10, Text("ID令牌尚未生效。", "The ID token is not valid yet. The provider's clock and ours differ.")
    ),
    SignInError.TOKEN_NOT_FOR_US: SignInErrorInfo(
        None, Text("ID令牌不是为本服务签发的。", "The ID token was not issued by this provider for this service.")
    ),
    SignInError.NONCE_WRONG: SignInErrorInfo(
        None,
        Text(
            "nonce缺失或不符，请重新登录。",
            "The nonce is missing or another one. Begin the sign-in at the provider anew.",
        ),
    ),
    SignInError.KEY_UNKNOWN: SignInErrorInfo(
        15,
        Text(
            "签名所用密钥未公布，请稍后重试。", "The ID token is signed with a key that the provider does not publish."
        ),
    ),
    SignInError.CLAIM_REFUSED: SignInErrorInfo(
        None,
        Text("ID令牌中的声明不符合本服务的要求。", "A claim of the ID token does not meet what this service asks for."),
    ),
    SignInError.CLAIM_UNACCOUNTED: SignInErrorInfo(
        None, Text("ID令牌中有本服务未说明的声明。", "The ID token has a claim that this service was not told about.")
    ),
}
# Failures of the provider or of our configuration: SIGN_IN_UNAVAILABLE.
OUTAGES: Mapping[SignInError, SignInErrorInfo] = {
    SignInError.TOO_MANY_ATTEMPTS: SignInErrorInfo(
        60, Text("登录过于频繁，请一分钟后再试。", "There were too many sign-ins. Try again in a minute.")
    ),
    SignInError.PROVIDER_BUSY: SignInErrorInfo(
        5, Text("登录服务繁忙，请稍后再试。", "The provider is busy. Try again in a moment.")
    ),
    SignInError.PROVIDER_UNREACHABLE: SignInErrorInfo(
        5, Text("登录服务暂无响应，请稍后再试。", "The provider does not answer. Try again in a moment.")
    ),
    SignInError.PROVIDER_FAILED: SignInErrorInfo(
        15, Text("登录服务出错，请稍后再试。", "The provider failed. Try again in a moment.")
    ),
    SignInError.NEEDS_STAFF: SignInErrorInfo(
        None,
        Text(
            "登录暂不可用，原因已记入日志，请联系管理员。",
            "Signing in this way does not work here now; the log tells the staff why.",
        ),
    ),
}


def sign_in_error(reason: SignInError, **details: object) -> ApiError:
    """SIGN_IN_FAILED or SIGN_IN_UNAVAILABLE with `reason`, `retryable` and, where waiting helps, `retryAfter`."""
    code = ErrorCode.SIGN_IN_FAILED if reason in REJECTIONS else ErrorCode.SIGN_IN_UNAVAILABLE
    info = REJECTIONS[reason] if reason in REJECTIONS else OUTAGES[reason]
    extensions = {"reason": reason.name, "retryable": info.retry_after is not None}
    wait = {"retryAfter": info.retry_after} if info.retry_after else {}
    return ApiError(code, info.message, **extensions, **wait, **details)
