from homeport.exchange.notices import MAX_REASON, Notice, shorten


def test_a_reason_is_cut_where_it_is_too_long():
    assert Notice("a.md", 1, "x" * MAX_REASON).reason == "x" * MAX_REASON
    assert Notice("a.md", 1, "x" * 5000).reason == "x" * (MAX_REASON - 1) + "…"


def test_a_short_text_stays():
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "ab…"
