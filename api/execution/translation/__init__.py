"""Say what graphql-core says in the caller's language, and suggest only names that somebody may have meant."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from graphql import GraphQLError, Node

from api.domain.suggestions import suggestions
from api.domain.texts import Language, Text, translation
from api.execution.translation.templates import TEMPLATES

MAX_LENGTH = 4_000  # characters of a message that are read; of a longer one the middle is left out
NAMES = r"'[^']*'(?:(?:, or |, | or )'[^']*')*"
GUESS = re.compile(rf" Did you mean (to use an inline fragment on |the enum value )?({NAMES})\?")
NAME = re.compile(r"'([^']*)'")
VARIABLE = re.compile(r"Variable '\$[^']*' has invalid value(?: at [^: ]*)?: ")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
KINDS = {"name": r"[^']*", "names": NAMES, "path": r"(?: at [^: ]*)?", "guess": rf"(?:{GUESS.pattern})?"}
OPERATIONS = {"query": "查询", "mutation": "修改", "subscription": "订阅"}
LOCATIONS = {
    **OPERATIONS,
    "field": "字段",
    "fragment definition": "片段定义",
    "fragment spread": "片段展开",
    "inline fragment": "内联片段",
    "variable definition": "变量声明",
    "fragment variable definition": "片段的变量声明",
}
TOKENS = {
    "Name": "名称",
    "Int": "整数",
    "Float": "小数",
    "String": "字符串",
    "BlockString": "块字符串",
    "Comment": "注释",
    "<SOF>": "文档开头",
    "<EOF>": "文档结尾",
}
REASONS = (
    (re.compile(r"subfields '([^']*)' conflict because "), r"子字段“\1”相互冲突："),
    (re.compile(r"'([^']*)' and '([^']*)' are different fields"), r"“\1”与“\2”是不同的字段"),
    (re.compile(r"they have differing arguments"), "二者的参数不同"),
    (re.compile(r"they have overlapping stream directives(\. See [^ ]*)?"), "二者的stream指令重叠"),
    (re.compile(r"they return conflicting types '([^']*)' and '([^']*)'"), r"二者的类型“\1”与“\2”不能并存"),
    (re.compile(r" and (?=子字段)"), "，且"),
)


class LocalizedError(GraphQLError):
    """An error of a value with a message in both languages, which graphql-core may put into messages of its own."""

    def __init__(self, text: Text, nodes: Node | None = None) -> None:
        super().__init__(text.en, nodes)
        self.text = text


@dataclass(frozen=True, slots=True)
class Template:
    """One of graphql-core's messages. beginning: what stands before its first placeholder."""

    beginning: str
    pattern: re.Pattern[str]
    kinds: tuple[str, ...]
    chinese: str


def translated(error: GraphQLError, language: Language) -> str:
    """Return the message of an error in this language; as it is where nobody has translated it."""
    message = error.message
    if len(message) > MAX_LENGTH:
        message = f"{message[: MAX_LENGTH // 2]}…{message[-MAX_LENGTH // 2 :]}"
    if language is Language.EN:
        return GUESS.sub(lambda guess: _english_guess(message, guess), message).replace(
            " not to be None.", " not to be null."
        )
    return _chinese(message, _own_text(error), language)


def _own_text(error: BaseException | None) -> Text | None:
    """Return the text of the error of ours that this one is about."""
    while isinstance(error, GraphQLError):
        if isinstance(error, LocalizedError):
            return error.text
        error = error.original_error
    return None


def _chinese(message: str, own: Text | None, language: Language) -> str:
    if own is not None and message == own.en:
        return own.to(language)
    whole = _filled(message, own, language)
    guess = GUESS.search(message)
    if whole is not None or guess is None or guess.end() < len(message):
        return whole or message
    beginning = _filled(message[: guess.start()], own, language)
    return message if beginning is None else beginning + _chinese_guess(message, guess, language)


def _filled(message: str, own: Text | None, language: Language) -> str | None:
    for template in _templates():
        match = template.pattern.fullmatch(message) if message.startswith(template.beginning) else None
        if match is not None:
            values = (match[f"_{place}"] or "" for place in range(len(template.kinds)))
            chinese = [
                _value(kind, value, message, own, language) for kind, value in zip(template.kinds, values, strict=True)
            ]
            return translation(template.chinese, language).format(*chinese)
    return None


def _value(kind: str, value: str, message: str, own: Text | None, language: Language) -> str:
    """Translate what stands at a placeholder."""
    if kind == "message":
        return _chinese(value, own, language)
    if kind == "guess":
        guess = GUESS.fullmatch(value)
        return "" if guess is None else _chinese_guess(message, guess, language)
    return translation(VALUES.get(kind, str)(value), language)


def _reason(reason: str) -> str:
    for pattern, chinese in REASONS:
        reason = pattern.sub(chinese, reason)
    return reason


def _token(token: str) -> str:
    word, _, rest = token.partition(" ")
    return TOKENS.get(word, word) + rest


VALUES: Mapping[str, Callable[[str], str]] = {
    "reason": _reason,
    "token": _token,
    "names": lambda names: "、".join(f"“{name}”" for name in NAME.findall(names)),
    "path": lambda path: f"（{path.removeprefix(' at ').removeprefix('.')}）" if path else "",
    "operation": lambda operation: OPERATIONS.get(operation, operation),
    "location": lambda location: LOCATIONS.get(location, location),
}


def _guessed(message: str, guess: re.Match[str]) -> list[str]:
    """Return the names of a suggestion that are worth suggesting; types for inline fragments all are."""
    names: list[str] = NAME.findall(guess[2])
    if guess[1] and "inline fragment" in guess[1]:
        return names
    return suggestions(_written(message, names), names)


def _written(message: str, names: list[str]) -> str:
    """Return the name that was wrong: the one that the message quotes, or the value that it shows."""
    message = VARIABLE.sub("", message, count=1)
    for pattern in (r"unknown field '([^']*)'", r"non-(?:enum|string) value: [\"']?(.*?)[\"']?\. Did", r"'(.*?)'"):
        if (match := re.search(pattern, message)) is not None:
            return match[1]
    return names[0]


def _english_guess(message: str, guess: re.Match[str]) -> str:
    names = [f"'{name}'" for name in _guessed(message, guess)]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return f" Did you mean {guess[1] or ''}{listed}?"


def _chinese_guess(message: str, guess: re.Match[str], language: Language) -> str:
    names = [f"“{name}”" for name in _guessed(message, guess)]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{'、'.join(names[:-1])}或{names[-1]}"
    asked = "是否应在{}上使用内联片段？" if guess[1] and "inline" in guess[1] else "是否应为{}？"
    return translation(asked, language).format(listed)


@cache
def _templates() -> tuple[Template, ...]:
    return tuple(_compiled(TEMPLATES))


def _compiled(templates: Mapping[str, str]) -> Iterator[Template]:
    for english, chinese in templates.items():
        kinds = tuple(PLACEHOLDER.findall(english))
        literal = PLACEHOLDER.split(english)[::2]
        pattern = re.escape(literal[0])
        for place, (kind, following) in enumerate(zip(kinds, literal[1:], strict=True)):
            pattern += f"(?P<_{place}>{KINDS.get(kind, '.*')}){re.escape(following)}"
        yield Template(literal[0], re.compile(pattern, re.DOTALL), kinds, chinese)
