import pytest

from homeport.text.boundeddata import MAX_VALUES, DataError, load_json, load_toml, load_yaml


class TestLoadYaml:
    def test_nothing_is_an_empty_mapping(self):
        assert load_yaml("") == {}

    def test_too_many_values_are_refused(self):
        with pytest.raises(DataError, match="more than"):
            load_yaml("[" + "a," * (2 * MAX_VALUES) + "]")

    def test_a_second_document_is_refused(self):
        with pytest.raises(DataError):
            load_yaml("a: 1\n--- b\n")

    @pytest.mark.parametrize(
        "value", ["!!binary aGk=", "!!set {a}", "!!omap [a: 1]", "!!python/name:os.system", "!!timestamp x"]
    )
    def test_tags_are_refused(self, value: str):
        with pytest.raises(DataError):
            load_yaml(f"a: {value}")

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ("2020-13-45", "month must be in 1..12"),
            ("2020-01-01T00:00:00+99:00", "'2020-01-01T00:00:00+99:00' is further from UTC than any place"),
        ],
    )
    def test_a_date_that_cannot_be_is_told_in_plain_words(self, value: str, reason: str):
        with pytest.raises(DataError) as refused:
            load_yaml(f"a: 1\nb: {value}")
        assert (str(refused.value), refused.value.line) == (reason, 2)


class TestLoadToml:
    def test_too_many_values_are_refused(self):
        with pytest.raises(DataError, match="more than"):
            load_toml("a = [" + "1," * (MAX_VALUES + 1) + "]")


class TestLoadJson:
    def test_it_says_where_the_object_ends(self):
        assert load_json('x{"a": 1} y', 1) == ({"a": 1}, 9)

    def test_numbers_beyond_reason_are_refused(self):
        with pytest.raises(DataError):
            load_json('{"a": ' + "9" * 5000 + "}", 0)
