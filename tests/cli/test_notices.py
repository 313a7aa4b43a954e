from homeport.cli.notices import print_notices, summary_of
from homeport.exchange.notices import Notice
from homeport.exchange.report import ImportReport

TAKEN = "another entry has the address of 'a{0}'; this one is at /posts/a-{0}"


def many(number, reason=TAKEN):
    return [Notice(f"{each}.md", None, reason.format(each)) for each in range(number)]


def test_much_of_one_kind_is_one_line_with_some_files():
    assert summary_of(many(1200)) == [
        "1,200 times: another entry has the address of …; this one is at … (0.md, 1.md, 2.md, …)"
    ]


def test_a_few_are_told_one_by_one_with_their_lines():
    notices = [*many(3), Notice("b.md", 7, "the image to 'x.png' is broken")]
    assert summary_of(notices) == [
        "0.md: another entry has the address of 'a0'; this one is at /posts/a-0",
        "1.md: another entry has the address of 'a1'; this one is at /posts/a-1",
        "2.md: another entry has the address of 'a2'; this one is at /posts/a-2",
        "b.md:7: the image to 'x.png' is broken",
    ]


def test_names_and_numbers_make_no_kind_of_their_own():
    reasons = [
        "style on <b{0}> dropped ({0}9 times, here first)",
        "img/{0}.png is stored without EXIF",
        "the title has {0},500 characters; the first 300 are taken",
    ]
    for reason in reasons:
        (line,) = summary_of(many(9, reason))
        assert line.startswith("9 times: ")


def test_what_the_terminal_does_not_say_is_in_a_file(tmp_path, capsys):
    report = ImportReport("plain", skipped=many(5), warnings=[Notice("b.md", 7, "odd")])
    file = tmp_path / "data" / "report.txt"
    print_notices(report, file, is_verbose=False)
    said = capsys.readouterr().out
    assert "5 times" in said
    assert said.endswith(f"One by one: {file}, or --verbose.\n")
    lines = file.read_text().splitlines()
    assert len(lines) == 6
    assert lines[-1] == "Worth a look: b.md:7: odd"


def test_all_of_it_on_demand_and_then_no_file(tmp_path, capsys):
    print_notices(ImportReport("plain", skipped=many(5)), tmp_path / "report.txt", is_verbose=True)
    assert len(capsys.readouterr().out.splitlines()) == 7
    assert not (tmp_path / "report.txt").exists()


def test_a_file_that_cannot_be_written_is_no_failure(tmp_path, capsys):
    (tmp_path / "data").write_text("")
    print_notices(ImportReport("plain", skipped=many(5)), tmp_path / "data" / "report.txt", is_verbose=False)
    assert "--verbose shows them one by one" in capsys.readouterr().out


def test_nothing_to_tell_is_nothing_said(tmp_path, capsys):
    print_notices(ImportReport("plain"), tmp_path / "report.txt", is_verbose=False)
    assert capsys.readouterr().out == ""
