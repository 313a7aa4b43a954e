import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeport.media.ranges import Part, read_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-3", Part(0, 4)),
        ("Bytes = 8-", Part(8, 10)),
        ("bytes=-4", Part(6, 10)),
        ("bytes=-99", Part(0, 10)),
        ("bytes=9-99", Part(9, 10)),
        ("bytes=10-", None),
        ("bytes=-0", None),
    ],
)
def test_a_range_is_a_part_of_the_file_or_behind_its_end(header: str, part: Part | None) -> None:
    wanted = read_range(header)
    assert wanted is not None
    assert wanted.within(10) == part


@pytest.mark.parametrize(
    "header", ["", "items=0-1", "bytes=a-b", "bytes=9-2", "bytes=-", "bytes=0-1,3-4", "bytes=\u0663-"]
)
def test_what_is_not_understood_is_ignored(header: str) -> None:
    assert read_range(header) is None


@given(header=st.from_regex(r"bytes=[0-9]{0,4}-[0-9]{0,4}", fullmatch=True), size=st.integers(0, 5000))
def test_a_part_is_never_empty_nor_beyond_the_file(header: str, size: int) -> None:
    wanted = read_range(header)
    part = wanted.within(size) if wanted and size else None
    assert part is None or 0 <= part.start < part.stop <= size
