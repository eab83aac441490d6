"""Does every further language say all that Chinese says, with the same values in it, and nothing that is no longer said?"""

import re
from collections import Counter

import pytest

from api.catalogues import FILES, read
from api.domain.han import SIMPLIFIED
from api.domain.texts import Language
from tests.message_catalogues import texts

HINT = "run `make catalogues` and read what it has drafted"
PLACE = re.compile(r"\{\w+(?::[^ {}][^{}]*)?\}")
# Simplified forms of other characters that are traditional ones, too: the sense decides, as with 干 in 若干.
BOTH = set("了他修克准出制剩升即只台合同向回它家布席干德志才扣折搜板果查核游真研系累致表里面")


@pytest.mark.parametrize("language", FILES)
def test_a_catalogue_has_all_that_is_said_and_nothing_else(language: Language) -> None:
    messages = [message for message in read(language) if message.id]
    assert {(message.context or "", message.id) for message in messages} == set(texts()), HINT
    assert [message.id for message in messages if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("language", FILES)
def test_a_translation_has_the_places_that_its_chinese_has(language: Language) -> None:
    pairs = [(str(message.id), str(message.string)) for message in read(language) if message.id]
    assert [text for chinese, text in pairs if Counter(PLACE.findall(text)) != Counter(PLACE.findall(chinese))] == []


def test_nothing_in_traditional_chinese_is_left_in_simplified_characters() -> None:
    simplified = set(SIMPLIFIED.values()) - set(SIMPLIFIED) - BOTH
    found = {
        str(message.string)
        for message in read(Language.ZH_HANT)
        if message.id and set(str(message.string)) & simplified
    }
    assert found == set(), "if the character is a traditional one as well, name it above"
