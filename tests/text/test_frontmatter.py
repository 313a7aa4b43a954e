from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeport.errors import InvalidError
from homeport.text.frontmatter import MAX_LENGTH, FrontMatterError, split


class TestFormats:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("---\ntitle: A\n---\nbody\n", "yaml"),
            ("---\ntitle: A\n...\nbody\n", "yaml"),
            ("--- \r\ntitle: A\r\n---\r\nbody\n", "yaml"),
            ("\ufeff---\ntitle: A\n---\nbody\n", "yaml"),
            ("+++\ntitle = 'A'\n+++\nbody\n", "toml"),
            ("+++\r\ntitle = 'A'\r\n+++\r\nbody\n", "toml"),
            ('{\n"title": "A"\n}\nbody\n', "json"),
            ('{"title": "A"}\r\nbody\n', "json"),
        ],
    )
    def test_each_is_read(self, text: str, kind: str):
        front = split(text)
        assert (front.format, front.data, front.body) == (kind, {"title": "A"}, "body\n")
        assert front.block + front.body == text
        assert text.split("\n")[front.body_line - 1] == "body"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "text",
            "---",
            "---\n\ntext",
            "---\nwords\n---\n",
            "{{< shortcode >}}",
            "{% raw %}",
            "+++ a",
            " ---\na: 1\n---",
        ],
    )
    def test_a_file_may_have_none(self, text: str):
        front = split(text)
        assert (front.block, front.format, front.data, front.body, front.body_line) == ("", "", {}, text, 1)

    def test_one_may_be_empty(self):
        assert split("---\n---\nx").block == "---\n---\n"
        assert split("---\n# note\n---\nx").data == {}

    def test_the_file_may_end_with_it(self):
        assert split("---\na: 1\n---").block == "---\na: 1\n---"


class TestValues:
    def test_dates_stay_dates(self):
        data = split("---\na: 2024-02-29\nb: 2024-02-29T10:00:00Z\nc: 2015-11-17 16:16:01 -0600\n---\n").data
        assert data["a"] == date(2024, 2, 29)
        assert data["b"] == datetime(2024, 2, 29, 10, tzinfo=UTC)
        assert data["c"] == datetime(2015, 11, 17, 16, 16, 1, tzinfo=timezone(timedelta(hours=-6)))
        assert split("+++\na = 2024-02-29\n+++\n").data == {"a": date(2024, 2, 29)}

    def test_what_looks_like_base_sixty_or_eight_is_text(self):
        assert split("---\na: 10:30\nb: 0123\nc: 42\n---\n").data == {"a": "10:30", "b": "0123", "c": 42}

    def test_keys_are_text(self):
        assert split("---\n1: a\non: b\n2024-01-01: c\n---\n").data == {"1": "a", "on": "b", "2024-01-01": "c"}

    def test_a_draft_is_one_however_it_is_said(self):
        assert split("---\ndraft: yes\n---\n").data["draft"] is True


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("---\na: 1\nb: [\n---\n", 4),
            ("---\na: !!python/object/apply:os.system [x]\n---\n", 2),
            ("---\na: 1\nb: !custom x\n---\n", 3),
            ("---\na: 1\na: 2\n---\n", 3),
            ("---\nb: {c: 1, c: 2}\n---\n", 2),
            ("---\na: 2024-13-01\n---\n", 2),
            ("---\na: 0000-01-01\n---\n", 2),
            ("---\n? [x]\n: y\n---\n", 2),
            ("---\n- a\n---\n", 2),
            ("---\na: " + "[" * 5000 + "\n---\n", 2),
            ("---\na: &a [*a]\n---\n", 2),
            ("---\na: \x00\n---\n", 1),
            ("---\ntitle: never closed\n", 1),
            ("+++\na = 1\na = 2\n+++\n", 3),
            ("+++\na = \n+++\n", 2),
            ("+++\n" + "a." * 3000 + "b = 1\n+++\n", 1),
            ("+++\na = " + "[" * 5000 + "\n+++\n", 1),
            ('{\n"a": 1,\n"b": x\n}\n', 3),
            ('{\n"a": 1, "a": 2}\n', 1),
            ('{\n"a": NaN}\n', 1),
            ('{\n"a": 1} text\n', 2),
            ('{\n"a": ' + "[" * 100_000, 1),
            ("---\na: " + "x" * MAX_LENGTH + "\n---\n", 1),
        ],
    )
    def test_what_cannot_be_read_is_refused_with_its_line(self, text: str, line: int):
        with pytest.raises(FrontMatterError) as caught:
            split(text)
        assert caught.value.line == line
        assert f"line {line}: " in str(caught.value)
        assert isinstance(caught.value, InvalidError)

    def test_a_bomb_of_aliases_is_refused(self):
        letters = "abcdefghi"
        lines = [f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]" for last, this in pairwise(letters)]
        with pytest.raises(FrontMatterError, match="unfold"):
            split("---\na: &a [x, x, x]\n" + "\n".join(lines) + "\n---\n")

    def test_a_few_aliases_are_fine(self):
        assert split("---\na: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n---\n").data["b"] == {"x": 1, "y": 2}


@given(
    st.one_of(
        st.text(), st.text(alphabet="-+{}[]\n\r:=a1 \"'&*!#\ufeff").map("---\n".__add__), st.text().map("+++\n".__add__)
    )
)
def test_a_file_is_its_block_and_its_body(text: str):
    with suppress(FrontMatterError):
        front = split(text)
        assert front.block + front.body == text
        assert text.count("\n", 0, len(front.block)) + 1 == front.body_line
