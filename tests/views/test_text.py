"""A page is walked into text once: what stands where, what is left out, and nothing obeys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwlesson.views.kit.text import WIDTH, to_text

LONG = "word " * 60
AFTER, CLOSED = "<details data-text='after'>", "<details data-text='closed'>"


def lines(*expected):
    return "\n".join(expected)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>Oars</h2><p>One <b>oar</b>.</p>", lines("Oars", "====", "One oar.")),
        ("<p>a</p><h3>B</h3><p>c</p>", lines("a", "", "B", "-", "c")),
        ("<h4>B</h4><p>c</p><h4>D</h4><p>e</p>", lines("B", "  c", "", "D", "  e")),
        ("<h4>B</h4><p>c</p><h3>D</h3><p>e</p>", lines("B", "  c", "", "D", "-", "e")),
        ("<section aria-label='A'><p>b</p></section>", lines("A", "-", "b")),
        ("<section aria-label='A'><h3>C</h3></section>", lines("C", "-")),
    ],
)
def test_a_heading_is_underlined_or_heads_what_is_indented(html, text):
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>a</li><li>b</li></ul>", lines("- a", "- b")),
        ("<ol><li>a</li><li>b</li></ol>", lines("1. a", "2. b")),
        ("<ol start='9'><li>a</li><li>b<br>c</li></ol>", lines("9. a", "10. b", "    c")),
        ("<ol><li value='3'>a</li><li>b</li></ol>", lines("3. a", "4. b")),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", lines("- a", "  - b", "- c")),
        ("<ul><li><h3>A</h3><p>b</p></li></ul>", lines("- A", "  b")),
        ("<ul><li></li><li>b</li></ul><p>c</p>", lines("- b", "", "c")),
        ("<ul><li><div></div><div>b</div></li></ul>", "- b"),
        ("<ul><li><b>When:</b> <div>now</div></li></ul>", "- When: now"),
    ],
)
def test_a_list_has_its_dashes_and_numbers(html, text):
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<dl><dt><b>a</b> </dt>\n<dd>b</dd><dd>c</dd></dl>", lines("a: b", "  c")),
        ("<dl><dt>Why?</dt><dd>b</dd></dl>", "Why? b"),
        ("<dl><div><dt>a</dt><dd>b</dd></div><div><dt>c</dt><dd>d</dd></div></dl>", "a: b\nc: d"),
        ("<dl><dt>a</dt><dd><div>b</div><div>c</div></dd></dl>", lines("a: b", "  c")),
    ],
)
def test_a_term_stands_before_its_meaning(html, text):
    assert to_text(html) == text


TABLE = """<table{}><caption>Hands</caption>
<thead><tr><th>Who</th><th>Sure</th><th></th></tr></thead>
<tbody><tr data-row="quotes:a"><th>Ada</th><td><meter max="2" value="1"></meter> 1</td><td>x</td>
</tr><tr><th>Ben</th><td></td><td>y<br>z</td></tr></tbody>
<tfoot><tr><td colspan="3">Sum: 1</td></tr></tfoot></table>"""


@pytest.mark.parametrize(
    ("row", "name"), [("", "Hands"), (' data-row="cases:h"', "Hands [h]")], ids=["plain", "a row"]
)
def test_each_cell_of_a_table_stands_after_the_name_of_its_column(row, name):
    assert to_text(TABLE.format(row)) == lines(
        name,
        "  Who: Ada [a]",
        "    Sure: ████████ 1",
        "    x",
        "  Who: Ben",
        "    y",
        "      z",
        "  Sum: 1",
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p data-row='points:a'>b</p>", "b [a]"),
        ("<p data-row='points:a' data-number='P1'>b</p>", "b (P1) [a]"),
        ("<p data-row='notes:a' data-on='points:c'>b</p>", "b [a] on [points:c]"),
        ("<p data-row='claims:a'>b</p>", "b"),
        ("<p>b <q data-row='quotes:a'>c</q> d</p>", "b c d [a]"),
        ("<div data-row='quotes:a'><p>b</p><p>c</p></div><p>d</p>", "b [a]\n  c\nd"),
        ("<div data-row='quotes:a'></div><p>d</p>", "d"),
        (
            "<section data-row='points:a'><header><h4>B</h4> <b>yes</b></header><p>c</p></section>",
            lines("B [a]", "  yes", "  c"),
        ),
        (
            "<form data-row='points:a'><h3 data-row='events:b'>C</h3><p>d</p></form>",
            lines("C [a] [b]", "  d"),
        ),
        (
            "<figure><blockquote data-row='quotes:a'>“b”</blockquote><figcaption>c</figcaption>",
            lines("“b” [a]", "  c"),
        ),
    ],
)
def test_the_id_of_a_row_closes_its_first_line_once_and_the_rest_is_indented(html, text):
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a <b data-text='none'>b <i>c</i></b> d</p>", "a d"),
        ("<p>a <b data-text='line'>b</b></p>", lines("a", "b")),
        ("<p>a <b hidden data-text='line'>b</b></p>", lines("a", "b")),
        ("<div><p data-text='label'>a</p><p>b</p></div><p>c</p>", lines("a", "  b", "c")),
        (
            f"{CLOSED}<summary>a</summary><p data-row='quotes:b'>c</p></details>d",
            "a [b]\nd",
        ),
        (
            f"<h3>A</h3>{AFTER}<summary>b</summary>c</details><p>d</p>",
            lines("A", "-", "d", "", "After you have judged", "---------------------", "",
                  "A", "  b", "    c"),
        ),
        (
            f"{AFTER}<summary>a</summary>b{AFTER}<summary>c</summary>d</details></details>",
            lines("After you have judged", "---------------------", "", "a", "  b", "  c", "    d"),
        ),
    ],
)  # fmt: skip
def test_what_a_page_says_of_its_text_is_done(html, text):
    assert to_text(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<svg><title>x</title><svg><text>x</text></svg>x</svg>",
        "<style>x</style>",
        "<script>x</script>",
        "<template><p>x</p></template>",
        "<button>x</button>",
        "<select><option>x</option></select>",
        "<p hidden>x<br>x</p>",
        "<p data-text='none'>x<input>x</p>",
    ],
)
def test_what_no_text_needs_is_left_out(html):
    assert to_text(f"<p>a</p>{html}<p>b</p>") == "a\nb"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<label><input type='radio'> a</label>", "( ) a"),
        ("<label><input type='checkbox'> a</label>", "[ ] a"),
        ("<label><input type='text'> a</label>", "a"),
        ("<label>a<br><textarea>b</textarea></label>", "a\nb"),
        (
            "<fieldset><legend>A?</legend><label><input type='radio'> b</label></fieldset>",
            "A? ( ) b",
        ),
    ],
)
def test_a_form_is_a_form_on_paper(html, text):
    assert to_text(html) == text


def test_a_word_explained_in_passing_stays_a_word_and_is_listed_once():
    explained = (
        "<details class='kw-term' data-row='terms:tide'{}><summary>{}</summary>"
        "<span> (The sea as it rises.)</span></details>"
    )
    first, again = (
        explained.format(" data-name='tide (of the sea)'", "Tide"),
        explained.format(" data-name='tide (of the sea)'", "tides"),
    )
    assert to_text(f"<ul><li>{first}, and</li><li>the {again}.</li></ul>") == lines(
        "- Tide, and", "- the tides.", "",
        "Words explained", "---------------", "tide (of the sea): The sea as it rises.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{LONG}</p>",
        f"<h2>{LONG}</h2>",
        f"<ul><li>{LONG}<ul><li>{LONG}</li></ul></li></ul>",
        f"<dl><dt>a</dt><dd>{LONG}</dd></dl>",
        f"<p data-row='quotes:a'>{LONG}</p>",
        f"<details><summary>a</summary><p>{LONG}</p></details>",
    ],
)
def test_lines_are_wrapped_and_no_word_is_torn(html):
    text = to_text(html)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.split().count("word") == html.count("word")


def test_a_word_longer_than_a_line_stays_whole():
    assert f"x{'y' * 200}" in to_text(f"<ul><li>a x{'y' * 200}</li></ul>").split()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;&nbsp;e</p>", "<b> & \"c\" 'd' e"),
        ("<p>a\x1b[2Jb\x07\x00\x9bc\x7f</p>", "a[2Jbc"),
        ("<p>a\u2028b\x85c\x1cd\x0be\r\nf</p>", "a b c d e f"),
        ("<p>a &#27;b</p>", "a b"),
        ("<p>a</div></section>b</p>", "ab"),
        ("<p>a<p>b", "a\nb"),
        ("<p>&lt;/p&gt;&lt;script&gt;x", "</p><script>x"),
    ],
)
def test_what_a_cell_holds_is_words_and_nothing_else(html, text):
    assert to_text(html) == text


@given(st.text())
def test_any_words_come_through_in_one_line_of_printable_characters(words):
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    text = to_text(f"<div>{escaped}</div>")
    assert not [
        sign for sign in text if sign != "\n" and ord(sign) in {*range(32), *range(127, 160)}
    ]
    assert "".join(text.split()) == "".join(
        sign for sign in "".join(words.split()) if ord(sign) not in {*range(32), *range(127, 160)}
    )


TAGS = ["ul", "ol", "li", "p", "h3", "h4", "section", "details", "summary", "dl", "dt", "dd", "br",
        "table", "tr", "td", "meter", "figure", "header"]  # fmt: skip
MARKED = [AFTER, CLOSED, "<p data-row='quotes:a'>", "<details data-row='terms:a'>", "x "]


@given(st.lists(st.sampled_from([f"<{end}{tag}>" for tag in TAGS for end in ("", "/")] + MARKED)))
def test_any_page_however_torn_is_walked_to_its_end(parts):
    text = to_text("".join(parts))
    assert text == text.strip("\n")
    assert "\n\n\n" not in text
