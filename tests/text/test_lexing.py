import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexer import Lexer, RegexLexer, bygroups
from pygments.lexers import find_lexer_class_by_name
from pygments.token import Comment, Keyword, Name, Number, Text

from homeport.text import lexing
from homeport.text.lexing import tokens_of

LANGUAGES = ("python", "rust", "javascript", "html", "css", "sql", "c", "yaml", "ruby", "bash", "csharp", "diff", "go")
FRAGMENTS = (
    *("def ", "class Foo:", "fn main() {", "let x = ", "if", "return", "<p class='a'>", "</p>", "SELECT * FROM t"),
    *('"""', "'", '"', "f'{a}'", "r'\\d'", "/*", "*/", "//", "#", "--", "0x1f", "3.14", "$x", "@a", "\\", "é", "\x00"),
    *("(", ")", "[", "]", "{", "}", "<", ">", "=", ":", ";", ",", ".", "&", "|", "!", "~", " ", "\t", "\n", "\n\n"),
)


def lexer_of(language: str) -> Lexer:
    return find_lexer_class_by_name(language)(stripnl=False, ensurenl=False)


class Counting(RegexLexer):
    """Rules that can be joined with each other, and some that cannot."""

    flags = re.MULTILINE
    tokens = {  # noqa: RUF012 - Pygments' own form
        "root": [
            (r"\s+", Text),
            (r"(let)(\s+)(\w+)", bygroups(Keyword, Text, Name)),
            (r"(['\"]).*?\1", Comment),
            (r"(?P<sign>-)?\d+", Number),
            (r"(?P<sign>\+)\w+", Name),
            (r"(?i)LET\?", Keyword),
            (r"(?=x)", Text, "inner"),
            (r"\(", Text, ("inner", "#push")),
        ],
        "inner": [(r"\)", Text, "#pop:2"), (r"x+", Keyword, "#pop"), (r"\w", Name)],
    }


@pytest.fixture(autouse=True)
def _joined_soon(monkeypatch):
    lexing._states.cache_clear()
    monkeypatch.setattr(lexing, "WORTH_JOINING", 3)
    yield
    lexing._states.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=25, deadline=None)
@given(source=st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join))
def test_the_tokens_are_those_of_pygments(language, source):
    expected = list(lexer_of(language).get_tokens_unprocessed(source))
    assert list(tokens_of(lexer_of(language), source)) == expected


@settings(max_examples=300, deadline=None)
@given(source=st.text(alphabet="let x+-12('\"a) \n?", max_size=80))
def test_rules_that_do_not_go_together_keep_their_turn(source):
    assert list(tokens_of(Counting(), source)) == list(Counting().get_tokens_unprocessed(source))


def parts_of(state: str) -> list[int]:
    return [len(getattr(part, "_rules", [1])) for part in lexing._states(Counting)[state].parts]


def test_one_search_takes_the_place_of_many():
    list(tokens_of(Counting(), "let a let b let c"))

    assert len(parts_of("root")) < len(Counting._tokens["root"])


def test_a_state_that_is_hardly_asked_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(lexing, "WORTH_JOINING", 1000)
    list(tokens_of(Counting(), "let a let b let c"))
    assert parts_of("root") == [1] * len(Counting._tokens["root"])


def test_a_lexer_with_a_loop_of_its_own_keeps_it():
    class Loud(Counting):
        def get_tokens_unprocessed(self, text, stack=("root",)):
            for position, kind, part in super().get_tokens_unprocessed(text, stack):
                yield position, kind, part.upper()

    assert [text for _, _, text in tokens_of(Loud(), "let a")] == ["LET", " ", "A"]
