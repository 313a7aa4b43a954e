import threading

from homeport.ops import logfiles


def test_a_short_file_stays(tmp_path):
    log = tmp_path / "log"
    log.write_text("line\n")
    assert not logfiles.trim(log, longest_bytes=100)
    assert log.read_text() == "line\n"


def test_a_long_file_moves_aside_and_its_writers_go_on(tmp_path):
    log = tmp_path / "log"
    with log.open("a", buffering=1) as writer:
        writer.write("old\n" * 100)
        assert logfiles.trim(log, longest_bytes=100)
        writer.write("new\n")
    assert log.read_text() == "new\n"
    assert (tmp_path / "log.1").read_text() == "old\n" * 100


def test_what_is_not_there_needs_no_trimming(tmp_path):
    assert not logfiles.trim(tmp_path / "log")


def test_the_last_lines_are_the_last(tmp_path):
    (tmp_path / "log").write_text("one\ntwo\nthree\n")
    assert logfiles.last_lines(tmp_path / "log", 2) == ["two", "three"]
    assert logfiles.last_lines(tmp_path / "log", 0) == []
    assert logfiles.last_lines(tmp_path / "none", 2) == []


def test_following_shows_only_what_is_new(tmp_path):
    log = tmp_path / "log"
    log.write_text("old\n")

    def write() -> None:
        with log.open("a") as writer:
            writer.write("new\n")

    threading.Timer(0.3, write).start()
    assert next(logfiles.follow(log)) == "new\n"
