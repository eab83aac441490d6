"""Texts: those of the program in its languages, and those of a campaign in whatever languages it has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    """A language in which texts are published."""

    __hash__ = object.__hash__  # members are equal to themselves alone; Enum's own is not in C

    ZH = "Chinese, simplified (中文)."
    EN = "English (英文)."
    ZH_HANT = "Chinese, traditional (繁體中文)."

    @property
    def tag(self) -> str:
        """Its BCP 47 tag."""
        return TAGS[self]

    @property
    def is_chinese(self) -> bool:
        return self is not Language.EN


TAGS = {Language.ZH: "zh", Language.EN: "en", Language.ZH_HANT: "zh-Hant"}
# By language, what finds the translation of a Chinese text; of Chinese and English themselves there are none.
TRANSLATIONS: dict[Language, Callable[[str], str | None]] = {}


class Text:
    """A text of the program itself: in Chinese and English here, in further languages by their catalogues.

    zh, en: neither is empty; with values they are templates of str.format, and without any they are as they stand.
    values: what stands in the places; a Text, or a text of a campaign, does so in the language that is asked for.
    Equal to whatever says the same in Chinese and in English.
    """

    __slots__ = ("_en", "_values", "_zh")

    def __init__(self, zh: str, en: str, /, **values: object) -> None:
        self._zh, self._en, self._values = zh, en, values

    @property
    def zh(self) -> str:
        """The text in Chinese, simplified."""
        return self.to(Language.ZH)

    @property
    def en(self) -> str:
        """The text in English."""
        return self.to(Language.EN)

    def to(self, language: Language) -> str:
        """Return it in this language; in Chinese, where the language has no translation of it."""
        template = self._en if language is Language.EN else translation(self._zh, language)
        if not self._values:
            return template
        return template.format_map({name: _in(language, value) for name, value in self._values.items()})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.zh, self.en) == (other.zh, other.en)

    def __hash__(self) -> int:
        return hash((self.zh, self.en))

    def __repr__(self) -> str:
        return f"Text({self.zh!r}, {self.en!r})"


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A text of a campaign in one or more languages.

    translations: pairs of a BCP 47 tag and a text that is not empty, the one that others fall back to first.
    """

    translations: tuple[tuple[str, str], ...]

    def to(self, language: Language) -> str:
        """Return it in this language; else in what its readers read as well, or in its first one."""
        return self._pair(language)[1]

    def tagged(self, tag: str) -> str | None:
        """Return it in the language of a BCP 47 tag, such as `zh`, which also finds `zh-Hant`; None when it is not in it."""
        return next((text for own, text in self.translations if _is_of(own, tag)), None)

    def language_of(self, language: Language) -> str:
        """Return the tag of the text that `to` returns."""
        return self._pair(language)[0]

    def _pair(self, language: Language) -> tuple[str, str]:
        for tag in READ[language]:
            for pair in self.translations:
                if _is_of(pair[0], tag):
                    return pair
        return self.translations[0]


class ChangedText(Text):
    """A text that is changed in whatever language it is given in, such as without its full stop."""

    __slots__ = ("_change",)

    def __init__(self, text: Text | LocalizedText, change: Callable[[str], str]) -> None:
        super().__init__("{text}", "{text}", text=text)
        self._change = change

    def to(self, language: Language) -> str:
        """Return it in this language."""
        return self._change(super().to(language))


# By language, the tags of texts that its readers read, the dearest first.
READ = {Language.ZH: ("zh-Hans", "zh"), Language.EN: ("en",), Language.ZH_HANT: ("zh-Hant", "zh")}


def localized(
    translations: Mapping[str, str] | None = None, /, *, languages: Iterable[str] = (), **by_tag: str
) -> LocalizedText:
    """Make a text of its translations by tag, in the order of the campaign's languages. Raises ValueError without any."""
    pairs = {**(translations or {}), **by_tag}
    order = {tag: place for place, tag in enumerate(languages)}
    if not pairs:
        raise ValueError("a text is in one language at least")
    return LocalizedText(tuple(sorted(pairs.items(), key=lambda pair: order.get(pair[0], len(order)))))


def joined(texts: Iterable[Text | LocalizedText | str], zh: str = "、", en: str = ", ") -> Text:
    """Return texts one after the other, with these between them in Chinese and in English."""
    values = {f"text_{place}": text for place, text in enumerate(texts)}
    template = "{between}".join(f"{{{name}}}" for name in values)
    return Text(template, template, between=Text(zh, en), **values)


def counted(number: int, singular: str, *, grouped: bool = False) -> str:
    """Return a number with its noun in English: `1 ballot`, `1200 ballots`, grouped `1,200 ballots`."""
    return f"{number:{',' if grouped else ''}} {singular}{'' if number == 1 else 's'}"


def translation(chinese: str, language: Language) -> str:
    """Return a Chinese text of the program in a language that has a catalogue; as it is, where it is not translated."""
    return TRANSLATIONS[language](chinese) or chinese if language in TRANSLATIONS else chinese


def _in(language: Language, value: object) -> object:
    if isinstance(value, Text | LocalizedText):
        return value.to(language)
    return translation(value, language) if isinstance(value, str) else value


def _is_of(own: str, tag: str) -> bool:
    return own == tag or own.startswith(f"{tag}-")
