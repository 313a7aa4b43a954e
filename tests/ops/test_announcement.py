import pytest

from homeport.ops.announcement import PREFIX, setup_link_in

LINK = "http://localhost:5000/setup/abc-_1"


@pytest.mark.parametrize(
    "line", [f"12:00:01 {PREFIX}{LINK}\n", f'{{"message": "{PREFIX}{LINK}", "level": "info"}}\n', f"{PREFIX}{LINK}"]
)
def test_a_log_for_people_and_one_for_machines_tell_the_link(line):
    assert setup_link_in(f"before\n{line}\nafter") == LINK


def test_the_newest_link_counts():
    assert setup_link_in(f"{PREFIX}http://localhost:1/setup/old\n{PREFIX}{LINK}\n") == LINK


def test_most_logs_tell_of_none():
    assert setup_link_in("12:00:01 GET /setup/[…] 200") == ""
