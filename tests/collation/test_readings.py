"""Is each character read as in the word it stands in?"""

from collections import Counter
from pathlib import Path

import icu
import pytest

from api.collation.readings import WORDS, read_words

READINGS = read_words()
PINYIN = icu.Transliterator.createInstance("Han-Latin")
READ = {
    "长宁区": "cháng níng qū",
    "闵行区": "mǐn háng qū",
    "重阳节": "chóng yáng jié",
    "重庆": "chóng qìng",
    "重点": "zhòng diǎn",
    "莘庄": "xīn zhuāng",
    "徐汇": "xú huì",
    "厦门": "xià mén",
    "大厦": "dà shà",
    "蚌埠": "bèng bù",
    "六安": "lù ān",
    "单县": "shàn xiàn",
    "十六铺": "shí liù pù",
    "殷行": "yīn háng",
    "朝阳区": "cháo yáng qū",
    "朝气": "zhāo qì",
    "里弄": "lǐ lòng",
    "家长学校": "jiā zhǎng xué xiào",
    "增长期": "zēng zhǎng qī",
    "长期护理": "cháng qī hù lǐ",
    "人民调解": "rén mín tiáo jiě",
    "调研": "diào yán",
    "参与": "cān yù",
    "音乐": "yīn yuè",
    "银行业": "yín háng yè",
    "仇阿姨": "qiú ā yí",
    "重重": "chóng chóng",
}


@pytest.mark.parametrize("text", READ)
def test_places_people_and_common_words_are_read_right(text: str) -> None:
    read = (READINGS.sorted_after.get(character, character) for character in READINGS.spell(text))
    assert " ".join(PINYIN.transliterate(character).strip() for character in read) == READ[text]


def test_every_line_names_a_neighbour_with_the_reading_and_words_with_the_character() -> None:
    for line in WORDS.read_text("utf-8").splitlines():
        if line and line[0] not in "#=":
            character, reading, neighbour, *words = line.split()
            assert PINYIN.transliterate(neighbour).strip() == reading, line
            assert words
            assert [word for word in words if character not in word or len(word) < 2] == []


def test_no_line_is_there_twice() -> None:
    lines = Counter(
        tuple(line.split()[:2]) for line in WORDS.read_text("utf-8").splitlines() if line[:1] not in ("#", "")
    )
    assert [line for line, count in lines.items() if count > 1] == []


def test_what_has_no_such_word_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("# a comment\n\n重 chóng 虫 重庆 重重\n= 双重庆\n", "utf-8")
    readings = read_words(file)
    [stand_in] = readings.sorted_after
    assert readings.spell("重庆重重重大") == f"{stand_in}庆{stand_in}{stand_in}重大"
    assert readings.spell("双重庆典 A") == "双重庆典 A"
