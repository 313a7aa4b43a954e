import sys
from pathlib import Path

import pytest

from homeport.ops.commandname import as_typed, example_as_typed, typed

ROOT = Path(__file__).parents[2]


@pytest.fixture
def from_the_checkout(monkeypatch):
    monkeypatch.setattr(sys, "argv", [str(ROOT / "bin" / "_python.py"), "list"])
    monkeypatch.chdir(ROOT)


def test_where_it_is_installed_it_has_its_name(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/usr/bin/homeport"])
    assert typed() == "homeport"
    assert as_typed("See `homeport list`.") == "See `homeport list`."


def test_from_a_checkout_it_is_the_script(from_the_checkout, monkeypatch, tmp_path):
    assert typed() == "bin/homeport"
    monkeypatch.chdir(tmp_path)
    assert typed() == str(ROOT / "bin" / "homeport")


def test_a_folder_that_is_gone_is_no_obstacle(from_the_checkout, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()
    assert typed().endswith("bin/homeport")


def test_only_commands_are_changed(from_the_checkout):
    said = "homeport is down; `homeport up` or `homeport`, see `homeport.cli`."
    assert as_typed(said) == "homeport is down; `bin/homeport up` or `bin/homeport`, see `homeport.cli`."
    assert as_typed(as_typed(said)) == as_typed(said)


def test_examples_can_be_typed_too(from_the_checkout):
    example = "Example:  PORT=1 homeport serve ~/homeport/x"
    assert example_as_typed(example) == "Example:  PORT=1 bin/homeport serve ~/homeport/x"
    assert example_as_typed(example_as_typed(example)) == example_as_typed(example)
