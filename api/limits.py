"""The limits on what one caller may ask, with their defaults, and the error that names the one that was exceeded."""

import re
from dataclasses import dataclass, field, fields
from typing import Any

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text

MAX_REPORTED = 10**9  # a greater actual value is reported as this one


def _limit(default: int, unit: Text, meaning: str) -> Any:
    """Declare a limit: its default, its unit in both languages, and its meaning for documentation and settings."""
    return field(default=default, metadata={"unit": unit, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is accepted of each thing. Documentation and settings are made from these fields."""

    head: int = _limit(
        32_768,
        Text("请求头部字节数", "bytes of head"),
        "Bytes of a request's head: its URL and its headers. As many of trailers.",
    )
    headers: int = _limit(100, Text("请求头个数", "headers"), "Headers of a request.")
    body: int = _limit(131_072, Text("请求体字节数", "bytes of body"), "Bytes of a request's body.")
    nesting: int = _limit(
        60,
        Text("括号嵌套层数", "levels of brackets"),
        "How deep brackets may stand in each other, in JSON and in a document; a fragment's, wherever it is spread.",
    )
    tokens: int = _limit(2_000, Text("词元数", "tokens"), "Tokens of a document, comments included.")
    fragments: int = _limit(30, Text("片段数", "fragments"), "Fragments that a document defines.")
    depth: int = _limit(
        15, Text("选择深度", "levels of fields"), "How deep fields may stand in each other. Introspection is spared."
    )
    root_fields: int = _limit(20, Text("根字段数", "root fields"), "Fields of an operation that stand at its top.")
    aliases: int = _limit(
        50, Text("别名数", "aliases"), "Aliases of an operation, each counted wherever its fragment is spread."
    )
    directives: int = _limit(
        50, Text("指令数", "directives"), "Directives of an operation, each wherever its fragment is spread."
    )
    selections: int = _limit(
        1_500,
        Text("选择项数", "selections"),
        "Fields and spreads of all operations and fragments of a document, each wherever its fragment is spread.",
    )
    overlaps: int = _limit(
        400,
        Text("同名字段对数", "pairs of fields under one name"),
        "Pairs of fields of the same place that want the same name in the answer: validation compares each pair.",
    )
    introspection: int = _limit(
        2,
        Text("自省列表嵌套层数", "levels of lists in introspection"),
        "How deep `fields`, `inputFields`, `interfaces` and `possibleTypes` may stand in each other. Tools need 1.",
    )
    items: int = _limit(
        200,
        Text("列表项数", "items in a list"),
        "Items of one list in the arguments, be it in the document or in a variable. A ballot may list as many projects as the "
        "largest campaign has, whatever this says.",
    )
    cost: int = _limit(
        20_000, Text("操作成本", "units of cost"), "Fields that an operation may fetch, computed before it is executed."
    )
    live_cost: int = _limit(
        60_000,
        Text("同一地址所有订阅的成本", "units of cost of all subscriptions from one address"),
        "Cost of all distinct subscriptions that one address has one process keep up to date, and 400 for each of them.",
    )

    answer: int = _limit(
        4_194_304,
        Text("回答字节数", "bytes of answer"),
        "Bytes of an answer. It is made and then withheld; a mutation is done.",
    )
    image: int = _limit(
        10_485_760, Text("图片字节数", "bytes of an image"), "Bytes of an image that is uploaded, in place of `body`."
    )
    images: int = _limit(
        2_000,
        Text("图片总兆字节数", "megabytes of images"),
        "Megabytes, of a million bytes each, of all images that were uploaded for one campaign, as they are stored.",
    )
    file: int = _limit(
        268_435_456,
        Text("文件字节数", "bytes of a file"),
        "Bytes of a file that is uploaded for a job, in place of `body`, be it in one request or in many.",
    )
    jobs: int = _limit(20, Text("未完成任务数", "unfinished jobs"), "Jobs of one viewer that are not over.")
    job_seconds: int = _limit(
        3_600,
        Text("任务秒数", "seconds of work"),
        "Seconds that one attempt at a job may take: one that another process takes up begins anew, from where it was. The "
        "waiting for its file and for an approval is not counted; 0: as long as it likes.",
    )
    job_hours: int = _limit(
        24,
        Text("任务保留小时数", "hours"),
        "Hours after which a job is forgotten with its file, and one that waits for its file or an approval is cancelled.",
    )
    # The timeout of a request.
    seconds: int = _limit(
        30,
        Text("秒数", "seconds"),
        "Seconds that a request may take to arrive, and then to be executed; 0: as long as it likes.",
    )
    connections: int = _limit(
        2_000,
        Text("连接数", "connections"),
        "Connections that one address may hold open to one process; 0: any number.",
    )
    requests: int = _limit(
        6_000,
        Text("每分钟请求数", "requests a minute"),
        "Requests that one address may send in a minute; 0: any number.",
    )
    image_requests: int = _limit(
        60_000,
        Text("每分钟图片数", "images a minute"),
        "Images that one address may fetch in a minute, which are not counted as requests; 0: any number.",
    )
    log_requests: int = _limit(
        12_000,
        Text("每分钟日志文件数", "files of logs a minute"),
        "Files of ballot logs that one address may fetch in a minute, which are not counted as requests; 0: any number. A log "
        "of a million ballots has 12,000, and opening a bundle takes 4 ms.",
    )
    socket_message: int = _limit(
        65_536,
        Text("一条消息的字节数", "bytes of a message"),
        "Bytes of a message that a client sends over a WebSocket.",
    )
    messages: int = _limit(
        600,
        Text("每分钟消息数", "messages a minute"),
        "Messages that one WebSocket may send in a minute; 0: any number.",
    )
    requests_per_voter: int = _limit(
        300,
        Text("每分钟请求数", "requests a minute"),
        "Requests that one signed-in voter may send in a minute; 0: any number.",
    )
    sign_ins: int = _limit(
        600, Text("每分钟登录数", "sign-ins a minute"), "Sign-ins that one address may try in a minute; 0: any number."
    )

    def check(self, name: str, actual: int) -> None:
        """Raise ApiError QUERY_TOO_LARGE when a value exceeds the limit of that name."""
        limit: int = getattr(self, name)
        if actual > limit:
            raise too_large(name, limit, actual)


PLURAL = re.compile(r"(?<=alias)es\b|s\b")
UNITS = {limit.name: limit.metadata["unit"] for limit in fields(Limits)}
MEANINGS = {limit.name: limit.metadata["meaning"] for limit in fields(Limits)}


def too_large(name: str, limit: int, actual: int) -> ApiError:
    """Return an error QUERY_TOO_LARGE: the limit's name, what it allows, and the actual value."""
    unit, reported = UNITS[name], min(actual, MAX_REPORTED)
    verb = "is" if limit == 1 else "are"
    unit_en = PLURAL.sub("", unit.en, count=1) if reported == 1 else unit.en
    return ApiError(
        ErrorCode.QUERY_TOO_LARGE,
        Text(
            "{unit}为{reported}，超过上限{limit}。",
            "Too large: {reported} {unit_en}; at most {limit} {verb} allowed.",
            unit=unit.zh,
            reported=reported,
            limit=limit,
            unit_en=unit_en,
            verb=verb,
        ),
        limit=name,
        most=limit,
        actual=reported,
    )
