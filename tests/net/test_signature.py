"""The examples that AWS publishes for Signature Version 4, to the last digit."""

from datetime import UTC, datetime

import pytest

from homeport.net.signature import Signer, canonical_query

AT = datetime(2013, 5, 24, tzinfo=UTC)
BUCKET = "https://examplebucket.s3.amazonaws.com"
OF_THE_EXAMPLES = Signer("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
TEXT_SHA256 = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"


@pytest.mark.parametrize(
    ("method", "path", "given", "signature"),
    [
        (
            "GET",
            "/test.txt",
            {"headers": {"Range": "bytes=0-9"}},
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "/test%24file.text",
            {
                "headers": {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
                "body_sha256": TEXT_SHA256,
            },
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            "GET",
            "/",
            {"query": {"lifecycle": ""}},
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            "GET",
            "/",
            {"query": {"prefix": "J", "max-keys": "2"}},
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)
def test_the_published_signatures_come_out(method, path, given, signature):
    signed = OF_THE_EXAMPLES.sign(method, f"{BUCKET}{path}", at=AT, **given)
    assert signed["authorization"].endswith(f"Signature={signature}")
    assert signed["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/")


def test_the_secret_is_in_no_header():
    signed = OF_THE_EXAMPLES.sign("GET", f"{BUCKET}/test.txt", at=AT)
    assert not [value for value in signed.values() if "wJalr" in value]


def test_a_query_is_quoted_and_in_order():
    assert canonical_query({"prefix": "a b/ü", "list-type": "2"}) == "list-type=2&prefix=a%20b%2F%C3%BC"
