"""Words somebody else wrote: shown as they are, and nothing more; and numbers as one reads them."""

from __future__ import annotations

import re

import pytest

from core.ui import wording

HOSTILE = (
    "**bold** _it_ ~~no~~ `code`",
    "<script>alert(1)</script>",
    "[click](http://evil.example)",
    "![x](http://evil.example/p.png)",
    "$x^2$ and $$y$$",
    ":red[danger] :material/home: :smile:",
    "www.evil.example and me@evil.example",
    "# heading",
    "- item",
    "a | b",
    "back\\slash",
    "&lt;b&gt;",
)


def plain(markdown: str) -> str:
    """What a reader of Markdown sees of text in which all that means something is escaped."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace("\u2060", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_lost(text):
    assert plain(wording.inert(text)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_every_sign_of_markdown_is_escaped(text):
    rest = re.sub(r"\\[!-/:-@\[-`{-~]", "", wording.inert(text))
    assert not set(rest) & set("*_`<>[]$~#|\\!&")


@pytest.mark.parametrize("text", [":red[x]", ":smile:", "http://a.b", "me@a.b", "www.a.b"])
def test_what_no_backslash_stops_is_kept_apart(text):
    shown = wording.inert(text)
    assert not re.search(r"[:@][^\s\u2060]|www[^\u2060]", shown)


def test_lines_become_one():
    assert wording.inert("a\n\n# b\n") == r"a \# b"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-x", "@SUM(A1)", " =1"])
def test_cell_is_no_formula(text):
    assert wording.cell(text) == f"'{text}"


@pytest.mark.parametrize("control", ["\t", "\r", "\n", "\r\n", "\0", "\x85", "\u2028"])
def test_cell_is_one_line(control):
    assert wording.cell(f"a{control}=1") == "a =1"
    assert wording.cell(f"{control}=1") == "' =1"


@pytest.mark.parametrize("text", ["-1", "+3.5", "-1e-5", "1", "a=b", "", "<=50K"])
def test_other_cells_are_as_they_were(text):
    assert wording.cell(text) == text


def test_columns_of_a_table_are_told_apart():
    names = ["Class", "a", "a (2)", "=1", "Number"]
    found = wording.columns(names, ("Class", "Number"))
    assert found == ["Class (2)", "a", "a (2)", "'=1", "Number (2)"]


def test_columns_that_begin_alike_stay_apart():
    assert wording.columns(["a", "a", "a (2)"]) == ["a", "a (2)", "a (2) (2)"]


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (1680, "1,680"), (0.14, "0.14"), (-2.125, "-2.125"), (5.0, "5")]
)
def test_values_of_data_have_no_powers_of_ten(value, shown):
    assert wording.amount(value) == shown
