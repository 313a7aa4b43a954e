"""What the database itself notes beside tags and authors, so that their lists have an index to walk along."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from homeport.blog.models import Byline, EntryTag
from tests.factories.blog import LONG_AGO, make_entry


@pytest.mark.parametrize("table", [EntryTag, Byline])
class TestListedAt:
    def noted(self, session, table, entry):
        return session.scalar(select(table.listed_at).where(table.entry_id == entry.id))

    def entry(self, session, **given):
        return make_entry(session, tags=("bread",), authors=("Ada",), **given)

    def test_it_is_when_lists_begin_to_show_the_entry(self, session, table):
        assert self.noted(session, table, self.entry(session)) == LONG_AGO

    @pytest.mark.parametrize("given", [{"state": "draft"}, {"state": "unlisted"}, {"kind": "page"}])
    def test_what_no_list_shows_has_none(self, session, table, given):
        assert self.noted(session, table, self.entry(session, **given)) is None

    def test_it_follows_the_entry(self, session, table):
        entry = self.entry(session)
        entry.published_at = LONG_AGO + timedelta(days=1)
        session.flush()
        assert self.noted(session, table, entry) == LONG_AGO + timedelta(days=1)
        entry.deleted_at = func.now()
        session.flush()
        assert self.noted(session, table, entry) is None
