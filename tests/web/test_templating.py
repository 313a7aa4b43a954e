"""What a macro wrote for the same objects is not written again."""

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from homeport.web import templating
from homeport.web.templating import Pieces

LINE = "{% macro line(name) %}{{ note(name) }}<b>{{ name }}</b>{% endmacro %}"
PAGE = "{% from 'lines' import line %}{% for name in names %}{{ remembered(line, name) }}{% endfor %}"
OTHER = "{% macro line(name) %}<i>{{ name }}</i>{% endmacro %}{{ remembered(line, names[0]) }}"


@pytest.fixture
def noted():
    return []


@pytest.fixture
def pieces():
    return Pieces()


@pytest.fixture
def render(noted, pieces):
    environment = Environment(loader=DictLoader({"lines": LINE, "page": PAGE, "other": OTHER}), autoescape=True)
    environment.globals.update(remembered=pieces.write, note=lambda name: noted.append(name) or "")
    return lambda names, template="page": environment.get_template(template).render(names=names)


def test_a_line_is_written_once_for_an_object_and_anew_for_another(render, noted):
    ann, bob = Markup("Ann"), "<Bob>"
    assert render([ann, bob]) == render([ann, bob]) == "<b>Ann</b><b>&lt;Bob&gt;</b>"
    assert noted == [ann, bob]
    assert render([Markup("An") + "n"]) == "<b>Ann</b>"
    assert len(noted) == 3


def test_macros_of_one_name_in_two_templates_are_not_confused(render):
    names = ["Ann"]
    assert [render(names), render(names, "other")] == ["<b>Ann</b>", "<i>Ann</i>"]


def test_what_is_remembered_is_bounded(render, noted, pieces, monkeypatch):
    monkeypatch.setattr(templating, "MOST_PIECES", 2)
    monkeypatch.setattr(templating, "LONGEST_PIECE", 20)
    long = "x" * 21
    names = [f"name {number}" for number in range(5)]
    for _ in range(2):
        render([long])
    assert noted == [long, long]
    render(names)
    assert len(pieces._written) <= 2
    assert render(names) == "".join(f"<b>{name}</b>" for name in names)
