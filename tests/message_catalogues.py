"""Which texts are there to translate? Those of Text, and of the pages' words. `make catalogues` has the catalogues follow.

python -m tests.message_catalogues: what is new is drafted by OpenCC, to be read by people; what is no longer said goes.
"""

import ast
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from api.catalogues import FILES, read
from api.domain.texts import Language

REPOSITORY = Path(__file__).parents[1]
API = REPOSITORY / "api"
PAGES = API / "pages" / "static"
CHINESE = re.compile(r"[\u3400-\u9fff\u3001\u3002\uff00-\uffef]")
TRANSLATED_WHOLE = API / "execution" / "translation"  # what graphql-core says
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
DRAFTS = {Language.ZH_HANT: "s2twp"}  # the conversion of OpenCC by which what is new is drafted
# What OpenCC takes for a word of computers or for another sign, and what people write, in this order.
MEANT = tuple(
    pair.split(" ")
    for line in """
專案 項目; 畫素 像素; 物件 對象; JSON對象 JSON物件; 程式碼 代碼
許可權 權限; 型別 類型; 透過 通過; 稽核 審核; 宣告 聲明
引數 參數; 開啟的選票 打開的選票; 都已開啟， 都已打開，; 選票還沒有開啟 選票還沒有打開; 籤 簽
抽簽 抽籤; 標簽 標籤; 臺 台; 檯 台; 賬 帳
遊標 游標; 令牌 權杖; 獲取 取得; 電子表格 試算表; 紙質 紙本
實時 即時; 演示 示範; 示例 範例; 標籤頁 分頁; 退出登入 登出
渠道 管道; “ 「; ” 」; ‘ 『; ’ 』
箇中 個中; 不復制 不複製; 仍儲存 仍保留; 銷燬 銷毀; 釋出 發布
聯網 連網; 演算法 計算方法; 單元格 儲存格
""".strip().splitlines()
    for pair in line.split("; ")
)
PLACES = {"Text": 0, "Column": 1, "joined": 1}  # where calls have a text in Chinese
Key = tuple[str, str]  # context and Chinese text


def texts() -> dict[Key, str]:
    """Each text to translate, with the file that it was first seen in."""
    found: dict[Key, str] = {}
    for file in sorted(API.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for chinese in _constants(tree) if TRANSLATED_WHOLE in file.parents else _of_module(tree):
            found.setdefault(("", chinese), str(file.relative_to(REPOSITORY)))
    for file in sorted(PAGES.glob("*/words*.js")) + sorted(PAGES.glob("*/*/words*.js")):
        page = file.relative_to(PAGES).parts[0]
        for quoted in STRING.findall(file.read_text("utf-8")):
            if CHINESE.search(quoted):
                found.setdefault((page, ast.literal_eval(f'"{quoted}"')), str(file.relative_to(REPOSITORY)))
    return found


def _of_module(tree: ast.Module) -> Iterator[str]:
    """The Chinese of Text(…), and the words in tables and pairs that are named as Chinese."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in PLACES and len(node.args) > PLACES[_name(node.func)]:
            yield from _constants(node.args[PLACES[_name(node.func)]])
        elif isinstance(node, ast.Assign) and any("CHINESE" in _name(target) for target in node.targets):
            yield from (text for text in _constants(node.value) if CHINESE.search(text))


def _constants(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and CHINESE.search(each.value):
            yield each.value


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def updated(language: Language) -> str:
    """The catalogue of a language as it has to be."""
    old = {(message.context or "", str(message.id)): str(message.string) for message in read(language) if message.id}
    new = Catalog(locale="zh_Hant", project="Pingxuan", copyright_holder="Pingxuan", fuzzy=False, charset="utf-8")
    for (context, chinese), place in sorted(texts().items(), key=lambda each: (each[0][0], each[1], each[0][1])):
        translation = old.get((context, chinese)) or _draft(language, chinese)
        new.add(chinese, translation, locations=[(place, None)], context=context or None)  # type: ignore[list-item]
    file = io.BytesIO()
    write_po(file, new, width=0, omit_header=True)
    header = (
        '# 本目录由make catalogues更新；译文请直接在此修改。\nmsgid ""\nmsgstr ""\n'
        f'"Language: {language.tag}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return header + file.getvalue().decode()


def _draft(language: Language, chinese: str) -> str:
    converted: str = _converter(language).convert(chinese)
    for drafted, meant in MEANT:
        converted = converted.replace(drafted, meant)
    return converted


@cache
def _converter(language: Language) -> Any:
    from opencc import OpenCC  # noqa: PLC0415 - needed by who adds texts alone, and slow to import

    return OpenCC(DRAFTS[language])


if __name__ == "__main__":
    for language, name in FILES.items():
        (API / "catalogues" / name).write_text(updated(language), "utf-8")
