import pytest

from homeport import errors
from homeport.ops.exits import exit_code, explain


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.NotFoundError("x"), 3),
        (errors.GoneError("x"), 3),
        (errors.InvalidError("x"), 4),
        (errors.ConflictError("x"), 5),
        (errors.UnavailableError("x"), 6),
        (errors.SettingsError(["x"]), 7),
        (errors.ForbiddenError("x"), 8),
        (errors.HomeportError("x"), 1),
        (ValueError("x"), 1),
    ],
)
def test_each_kind_of_error_has_a_number_of_its_own(error, code):
    assert exit_code(error) == code


def test_an_error_is_a_line_and_a_remedy(capsys):
    explain(errors.ConflictError("the slug is taken", hint="Choose another."))
    assert capsys.readouterr().err == "error: the slug is taken\nChoose another.\n"


def test_an_error_without_a_remedy_is_a_line(capsys):
    explain(errors.ConflictError("the slug is taken"))
    assert capsys.readouterr().err == "error: the slug is taken\n"
