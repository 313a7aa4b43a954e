import pytest

from homeport.text.fenceinfo import read_fence_info


class TestReadFenceInfo:
    @pytest.mark.parametrize(
        "info",
        [
            'python {linenos=true,hl_lines=[1,"3-5"]}',
            'python {linenos=table hl_lines="1 3-5"}',
            "python,linenos,hl_lines=1 3-5",
            "python {1,3-5} showLineNumbers",
            "python showLineNumbers {1,3-5}",
            "{.python .numberLines hl_lines='1,3-5'}",
        ],
    )
    def test_the_dialects_say_the_same(self, info: str):
        fence = read_fence_info(info)
        assert fence.language == "python"
        assert fence.is_numbered
        assert sorted(fence.highlighted) == [1, 3, 4, 5]

    @pytest.mark.parametrize(
        "info",
        [
            'python title="a b.py"',
            "python,name=a b.py",
            "python {title='a b.py'}",
            'python filename="a b.py" {2}',
        ],
    )
    def test_a_file_name_is_found(self, info: str):
        assert read_fence_info(info).file_name == "a b.py"

    def test_a_file_name_may_follow_a_colon(self):
        fence = read_fence_info("ruby:app/x.rb")
        assert (fence.language, fence.file_name) == ("ruby", "app/x.rb")

    def test_numbers_may_start_elsewhere(self):
        assert read_fence_info("go {linenostart=40}").first_number == 40
        assert read_fence_info("go showLineNumbers=7").first_number == 7

    def test_numbers_can_be_switched_off(self):
        assert not read_fence_info("go {linenos=false}").is_numbered

    @pytest.mark.parametrize("info", ["diff python", "diff-python", "python diff"])
    def test_a_difference_in_a_language(self, info: str):
        fence = read_fence_info(info)
        assert (fence.language, fence.is_diff) == ("python", True)

    def test_a_range_without_end_costs_nothing(self):
        assert len(read_fence_info("a {1-999999}").highlighted) <= 20_000

    def test_what_no_dialect_knows_is_left_aside(self):
        fence = read_fence_info('rust,no_run {anchor="x"} ### =a [b')
        assert fence.language == "rust"
        assert not fence.is_numbered
