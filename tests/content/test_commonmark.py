"""Is CommonMark rendered as readers expect, and is nothing in it ever a script, a style or a picture from elsewhere?"""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.content.commonmark import ATTRIBUTES, MAX_LENGTH, MAX_NESTING, TAGS, to_html
from api.domain.images import PATH

OURS = f"/images/{'ab' * 32}.jpg"
REL = 'rel="noopener noreferrer nofollow"'
# Words from which attacks are made, for hypothesis to put together in ways that nobody has thought of.
WORDS = (
    *(
        "<script>",
        "</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<style>",
        "<iframe src=",
        "<a href=",
    ),
    *(
        "[a](",
        "[a]: ",
        "[a]",
        "![",
        "](",
        ")",
        "<",
        ">",
        '"',
        "'",
        "`",
        "```",
        "\\",
        "&",
        "&#",
        "&lt;",
        "&colon;",
        "&#x3a;",
    ),
    *(
        "javascript:",
        "JaVaScRiPt:",
        "java\tscript:",
        "data:text/html,",
        "vbscript:",
        "https://",
        "mailto:",
        "//evil.example/",
    ),
    *(
        "alert(1)",
        "onclick=",
        "onerror=",
        "style=",
        "\n",
        "\n\n",
        "    ",
        "> ",
        "- ",
        "1. ",
        "# ",
        "***",
        "__",
        "\0",
        "\u2028",
    ),
    *(OURS, "https://example.cn/?a=1&b=2", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "安全"),
)


class Strict(HTMLParser):
    """Reads HTML as a browser does, and raises for whatever is not on the list."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in {*ATTRIBUTES.get(tag, ()), "rel"}, name
            if name == "href":
                assert urlsplit(value or "").scheme in {"http", "https", "mailto"} or PATH.fullmatch(value or ""), value
            if name == "src":
                assert PATH.fullmatch(value or ""), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def assert_harmless(html: str) -> None:
    reader = Strict()
    reader.feed(html)
    reader.close()
    assert "<script" not in html.lower()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一段*话*，**重点**。", "<p>一段<em>话</em>，<strong>重点</strong>。</p>\n"),
        ("# 一\n\n- a\n- b", "<h1>一</h1>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. x\n4. y", '<ol start="3">\n<li>x</li>\n<li>y</li>\n</ol>\n'),
        (
            "> q\n\n---\n\n    c < d",
            "<blockquote>\n<p>q</p>\n</blockquote>\n<hr>\n<pre><code>c &lt; d\n</code></pre>\n",
        ),
        ('[a](https://e.cn/?b=1&c "t")', f'<p><a href="https://e.cn/?b=1&amp;c" title="t" {REL}>a</a></p>\n'),
        ("<mailto:a@b.cn>", f'<p><a href="mailto:a@b.cn" {REL}>mailto:a@b.cn</a></p>\n'),
        (f"![孩子]({OURS})", f'<p><img src="{OURS}" alt="孩子"></p>\n'),
        ("", ""),
    ],
)
def test_commonmark_is_rendered(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<!-- x --><?php x ?><![CDATA[x]]>",
        "```<script>\nalert(1)\n```",
        "```js onload=alert(1)\nx\n```",
        "[x](javascript:alert(1))",
        "[x](JAVASCRIPT:alert(1))",
        "[x](java&#x0A;script:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x]( javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](//evil.example/)",
        "[x](/graphql?query={viewer{id}})",
        "[x](../)",
        "[x]\n\n[x]: javascript:alert(1)",
        "<javascript:alert(1)>",
        '[x](https://e.cn "\\" onmouseover=\\"alert(1)")',
        "[x](https://e.cn/\"onmouseover='alert(1)')",
        '![x](https://evil.example/pixel.png "t")',
        '![" onerror="alert(1)](/images/x.jpg)',
        "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
        f"![x]({OURS}/../../graphql)",
        f"![x]({OURS}?a)",
    ],
)
def test_nothing_hostile_comes_through(text: str) -> None:
    html = to_html(text)
    assert_harmless(html)
    assert "<img" not in html


def test_a_picture_from_elsewhere_is_the_words_that_stand_for_it() -> None:
    assert to_html("![a *cat* <b>](https://evil.example/pixel.png)") == "<p>a cat &lt;b&gt;</p>\n"


@given(st.one_of(st.text(max_size=300), st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5))).map("".join)))
@settings(max_examples=300)
def test_whatever_is_written_the_html_is_harmless(text: str) -> None:
    assert_harmless(to_html(text))


@pytest.mark.parametrize(
    "unit", ["> ", "- ", "[", "![", "**a *b ", "*_", "[a](", "`e``", "<!", "[a]: b\n", "* a\n", ">" * 50 + "\n"]
)
def test_what_is_nested_deep_or_repeated_is_harmless_and_stays_shallow(unit: str) -> None:
    html = to_html((unit * MAX_LENGTH)[:MAX_LENGTH])
    assert_harmless(html)
    assert html.count("<blockquote>") <= MAX_NESTING


def test_a_text_that_is_too_long_is_not_rendered() -> None:
    assert to_html("a" * MAX_LENGTH)
    with pytest.raises(ValueError, match="at most 20000"):
        to_html("a" * (MAX_LENGTH + 1))


def test_a_text_is_rendered_once() -> None:
    to_html.cache_clear()
    for _ in range(3):
        to_html("*once*")
    assert (to_html.cache_info().misses, to_html.cache_info().hits) == (1, 2)
