"""Are texts in the order in which their readers expect them?"""

import random

import pytest

from api.collation import IcuCollation
from api.domain.texts import Language
from tests.campaigns import both

CHINESE = [
    # read in the words they stand in
    ["安亭", "长宁", "重阳", "丁香", "闵行", "浦东", "徐汇", "张江"],
    ["长宁", "成长", "重阳", "崇明", "仇老师"],
    ["蚌埠", "长春", "重庆", "大栅栏", "六安", "闵行", "单县", "厦门", "莘庄", "徐汇", "曾国藩"],
    ["长效", "长者", "中心", "重点"],
    ["行业", "行走"],
    ["弄堂", "闵行", "弄潮"],
    ["都市", "乐龄", "音乐", "乐清"],
    ["会客", "会计"],
    ["还是", "还江于民"],
    ["校长期待", "增长期", "增长期限"],
    # punctuation
    ["爱心", "“菜场书屋”", "《读书》", "——敬老", "「邻里」", "（社区）"],
    ["“邻里”", "邻里中心", "“邻里中心”建设"],
    # numbers, then Chinese, then Latin
    ["3号", "12号", "第2届", "第10届", "A座", "Ｂ座"],
    ["虫草", "虫子", "重固", "重庆", "重阳", "崇明"],
]
ENGLISH = [
    ["A Home", "Apple", "“Banana”", "‘Cherry’", "Éclair", "Edge", "(Fig)", "Zebra"],
    ["2 Halls", "10 Halls", "Hall 9", "Hall 10"],
    ["co-operate", "cooperation", "Co-operator"],
    ["apple", "“Apple”", "Apple"],
]
CASES = [(Language.ZH, texts) for texts in CHINESE] + [(Language.EN, texts) for texts in ENGLISH]


@pytest.mark.parametrize(("language", "expected"), CASES)
def test_texts_are_listed_as_readers_expect(language: Language, expected: list[str]) -> None:
    collation = IcuCollation(language)
    for seed in range(5):
        shuffled = random.Random(seed).sample(expected, len(expected))
        assert sorted(shuffled, key=lambda text: collation.key(both(text, text))) == expected


def test_each_language_has_a_text_of_its_own() -> None:
    text = both("中心", "Centre")
    assert IcuCollation(Language.ZH).key(text) == IcuCollation(Language.ZH).key(both("中心", "Other"))
    assert IcuCollation(Language.ZH).key(text) != IcuCollation(Language.EN).key(text)


def test_titles_that_differ_have_keys_that_differ() -> None:
    for language in Language:
        keys = {
            IcuCollation(language).key(both(text, text)) for text in ("“重阳”", "重阳", "重-阳", "a", "A", "Ａ", "“a”")
        }
        assert len(keys) == 7
