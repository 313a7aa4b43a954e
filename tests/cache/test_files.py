import os
import threading
import time

from homeport.cache.files import PageFiles


def make_files(tmp_path, most_bytes: int = 1000) -> PageFiles:
    return PageFiles(tmp_path / "form", most_bytes=most_bytes)


def test_what_was_written_is_read(tmp_path):
    files = make_files(tmp_path)
    assert files.read("/") is None
    files.write("/", b"home")
    files.write("/a\udc80", b"odd")
    assert (files.read("/"), files.read("/a\udc80")) == (b"home", b"odd")
    files.remove("/")
    assert files.read("/") is None


def test_who_was_not_asked_for_the_longest_time_goes_first(tmp_path):
    files = make_files(tmp_path)
    for number in range(12):
        files.write(f"/{number}", bytes(100))
        os.utime(files._path(f"/{number}"), (number, number))
    assert files.read("/0") is not None
    files.sweep()
    left = [number for number in range(12) if files.read(f"/{number}") is not None]
    assert left == [0, *range(4, 12)]


def test_a_full_disk_only_means_that_nothing_is_stored(tmp_path, caplog):
    (tmp_path / "form").write_bytes(b"not a folder")
    files = make_files(tmp_path)
    files.write("/", b"home")
    assert files.read("/") is None
    assert "a page cannot be stored" in caplog.text
    with files.claim("/", 1):
        pass


def test_pages_of_a_release_that_nobody_runs_any_more_are_removed(tmp_path):
    for name, age in (("old", 2 * 86_400), ("used", 60)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "knowledge").touch()
        os.utime(tmp_path / name / "knowledge", (time.time() - age,) * 2)
    files = make_files(tmp_path)
    files.write("/", b"home")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["form", "used"]


def test_a_claim_makes_others_wait_until_it_ends(tmp_path):
    files, order = make_files(tmp_path), []

    def second() -> None:
        with files.claim("/", 5):
            order.append("second")

    with files.claim("/", 5):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.05)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_a_claim_is_not_waited_for_for_ever(tmp_path):
    files = make_files(tmp_path)
    with files.claim("/", 5), files.claim("/", 0.05):
        pass
