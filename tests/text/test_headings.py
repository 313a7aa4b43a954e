from homeport.text.headings import WrittenHeading, list_headings


def test_headings_are_listed_with_level_and_line():
    source = "\ufeff# Title\n\nWords\n\nSub\n---\n\n#### Deep *words*\n"
    assert list_headings(source) == [
        WrittenHeading(1, 1, "Title"),
        WrittenHeading(2, 5, "Sub"),
        WrittenHeading(4, 8, "Deep *words*"),
    ]


def test_headings_of_quotes_lists_and_code_are_not_the_texts_own():
    assert list_headings("> # Quoted\n\n- # Listed\n\n```\n# Code\n```\n") == []
