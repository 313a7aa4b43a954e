"""How the sitemap is walked; what feeds and sitemap contain is shown in test_views.py."""

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from homeport.feeds.queries import list_sitemap_parts, walk_sitemap, walk_sitemap_part
from homeport.feeds.sitemap import MOST_LOCATIONS
from homeport.site.queries import load_site
from tests.factories.blog import make_entry


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 8])
def test_batches_join_without_a_gap_or_a_repeat(session: Session, connection: Connection, batch: int) -> None:
    paths = [make_entry(session).path for _ in range(7)]
    walked = [location.path for location in walk_sitemap(connection, load_site(connection), batch=batch)]
    assert walked == ["/", "/archive", *paths]


def test_a_part_is_a_range_of_entry_numbers(session: Session, connection: Connection) -> None:
    last_of_the_second, first_of_the_third = make_entry(session), make_entry(session)
    last_of_the_second.id, first_of_the_third.id = 2 * MOST_LOCATIONS, 2 * MOST_LOCATIONS + 1
    session.flush()
    site = load_site(connection)
    assert [(part.number, part.count) for part in list_sitemap_parts(connection, site)] == [(0, 2), (2, 1), (3, 1)]
    assert [place.path for place in walk_sitemap_part(connection, site, number=2)] == [last_of_the_second.path]
    assert [place.path for place in walk_sitemap_part(connection, site, number=3)] == [first_of_the_third.path]
    assert list(walk_sitemap_part(connection, site, number=1)) == []
