import gzip

import brotli

from homeport.cache.improving import Improver, compress_fast
from homeport.cache.page import StoredPage
from tests.factories.pages import make_stored_page

TEXT = b"".join(b"<p>Sentence %d of a long page.</p>" % number for number in range(2000))


def improved(page: StoredPage) -> list[StoredPage]:
    kept: list[StoredPage] = []
    improver = Improver(kept.append)
    improver.improve(page)
    improver.stop()
    return kept


def test_each_encoding_that_was_asked_for_becomes_smaller():
    page = make_stored_page(body=TEXT)
    for encoding in ("br", "gzip"):
        page = page.with_body(encoding, compress_fast(encoding, TEXT))
    [better] = improved(page)
    assert len(better.bodies["br"]) < len(page.bodies["br"])
    assert len(better.bodies["gzip"]) <= len(page.bodies["gzip"])
    assert brotli.decompress(better.bodies["br"]) == gzip.decompress(better.bodies["gzip"]) == TEXT
    assert set(better.best) == {"br", "gzip"}


def test_what_is_as_small_as_it_gets_is_left_alone():
    assert improved(make_stored_page(body=TEXT)) == []
    assert improved(make_stored_page(body=TEXT).with_body("br", b"small", is_best=True)) == []
