"""Two databases are the same when every table holds the same."""

from homeport.ops.backup.comparing import hash_tables


def test_a_change_of_one_word_shows_and_the_order_of_rows_does_not(site):
    before = hash_tables(site.uri)
    assert set(before) == set(site.counts())
    site.do("update entry set title = title")
    assert hash_tables(site.uri) == before
    site.do("update entry set title = 'Another' where slug = 'second'")
    changed = {table for table, value in hash_tables(site.uri).items() if value != before[table]}
    assert "entry" in changed
    assert "response" not in changed
