"""The text of a file that a spreadsheet has written.

Excel writes UTF-8 with a byte order mark, in China GB18030 where one chooses plain CSV, and UTF-16 as Unicode text.
"""

import codecs

from api.domain.exchange.problems import FileRefused, unreadable
from api.domain.texts import Text

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decoded(content: bytes) -> str:
    """Return the text without a byte order mark. Raises FileRefused where it is of no encoding that is known.

    Without a mark it is UTF-8 if it can be, else GB18030. A text of more than a few characters in one is not the other.
    """
    marked = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
    raise FileRefused(
        [
            unreadable(
                Text(
                    "文件的编码无法识别。请在Excel中另存为“CSV UTF-8（逗号分隔）”。",
                    "The encoding of the file is not known. Save it as “CSV UTF-8 (comma delimited)” in Excel.",
                ),
                line,
            )
        ]
    )
