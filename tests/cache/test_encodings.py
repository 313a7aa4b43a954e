import pytest

from homeport.cache.encodings import choose_encoding


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("BR", "br"),
        ("gzip;q=0.5, br;q=oops", "gzip"),
        ("br;q=0.1,gzip;q=1", "gzip"),
        ("gzip;q=0.5, br;q=0.5", "br"),
        ("*;q=0.3, gzip;q=0.8", "gzip"),
        ("identity;q=1, br;q=0.5", ""),
        ("identity;q=0.5, br;q=1", "br"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("br;q=nan, gzip;q=0.1", "gzip"),
    ],
)
def test_the_encoding_is_one_the_reader_takes(accepted, chosen):
    assert choose_encoding(accepted, ("br", "gzip")) == chosen
