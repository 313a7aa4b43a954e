import gzip

import brotli


def test_each_encoding_unpacks_to_the_same_page_under_its_own_validator(client):
    plain = client.get("/archive")
    packed = {name: client.get("/archive", headers={"Accept-Encoding": name}) for name in ("br", "gzip")}
    assert brotli.decompress(packed["br"].data) == plain.data
    assert gzip.decompress(packed["gzip"].data) == plain.data
    assert len({plain.headers["ETag"], *(answer.headers["ETag"] for answer in packed.values())}) == 3
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["Cache-Control"] == "no-cache"


def test_a_validator_of_one_encoding_spares_its_bytes(client):
    packed = client.get("/archive", headers={"Accept-Encoding": "br"})
    again = client.get("/archive", headers={"Accept-Encoding": "br", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.headers["ETag"]) == (304, packed.headers["ETag"])
    assert again.headers["Vary"] == "Accept-Encoding"


def test_an_error_page_has_no_validator(client):
    assert "ETag" not in client.get("/nothing").headers
