"""Values of a declaration: taken in any sensible form, refused with the reason."""

from pathlib import Path

import pytest

from homeport.ops.edge import values
from homeport.ops.edge.declaration import Upstream


class TestHostName:
    @pytest.mark.parametrize(
        ("given", "name"),
        [
            ("Example.ORG", "example.org"),
            ("example.org.", "example.org"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("flask-blog", "flask-blog"),
        ],
    )
    def test_a_name_is_taken_as_it_goes_over_the_wire(self, given, name):
        assert values.host_name(given) == name

    @pytest.mark.parametrize(
        "given",
        ["", "a b", "a;b", 'a"b', "a{b}", "-a.org", "a..org", "*.example.org", "a/b", "a\nb", "x" * 64, 5, None],
    )
    def test_what_nginx_could_read_otherwise_is_refused(self, given):
        with pytest.raises(ValueError, match="is not"):
            values.host_name(given)


class TestHostNames:
    @pytest.mark.parametrize("given", [["a.org", "B.org", "a.org"], "a.org, b.org,", "a.org,b.org"])
    def test_names_come_as_a_list_or_with_commas(self, given):
        assert values.host_names(given) == ("a.org", "b.org")

    def test_none_is_fine(self):
        assert values.host_names("") == ()


class TestSiteAddress:
    def test_the_scheme_says_whether_there_is_tls(self):
        assert values.site_address("https://Example.org/") == ("example.org", True)
        assert values.site_address("http://example.org:80") == ("example.org", False)

    @pytest.mark.parametrize(
        "given", ["example.org", "ftp://example.org", "https://example.org/blog", "https://", "https:///x"]
    )
    def test_anything_but_scheme_and_host_is_refused(self, given):
        with pytest.raises(ValueError, match=r"is not an address such as https://example\.org"):
            values.site_address(given)

    def test_a_port_is_refused_because_the_proxy_has_only_two(self):
        with pytest.raises(ValueError, match="serves 80 and 443 only"):
            values.site_address("https://example.org:8443")


class TestUpstream:
    def test_the_port_may_be_left_out(self):
        assert values.upstream("https://gitea") == Upstream("https", "gitea", 443)
        assert values.upstream("http://[::1]:3000") == Upstream("http", "::1", 3000)

    @pytest.mark.parametrize(
        "given", ["gitea:3000", "http://gitea/path", "http://gitea:99999", "http://me:secret@gitea"]
    )
    def test_anything_else_is_refused(self, given):
        with pytest.raises(ValueError, match=r"is not|port|password"):
            values.upstream(given)

    def test_the_proxys_address_keeps_its_brackets(self):
        assert values.proxy_url("http://[::1]:81") == "http://[::1]:81"


class TestSwitch:
    @pytest.mark.parametrize(
        ("given", "value"), [(True, True), ("on", True), ("False", False), (0, False), ("1", True)]
    )
    def test_words_are_taken(self, given, value):
        assert values.switch(given) is value

    @pytest.mark.parametrize("given", ["", "ja", 2, None])
    def test_nothing_else_is(self, given):
        with pytest.raises(ValueError, match="neither true nor false"):
            values.switch(given)


@pytest.mark.parametrize("given", ["", "-1", "1.5", "11", True, None, "٣"])
def test_a_number_out_of_bounds_or_no_number_is_refused(given):
    with pytest.raises(ValueError, match="is not a whole number from 1 to 10"):
        values.whole(1, 10)(given)


def test_a_number_comes_as_text_or_as_itself():
    assert values.whole(1, 10)("7") == values.whole(1, 10)(7) == 7


@pytest.mark.parametrize("given", ["me", "me@localhost", "a b@example.org", "a@b@example.org"])
def test_a_mail_address_that_an_authority_would_refuse_is_refused(given):
    with pytest.raises(ValueError, match="is not a mail address"):
        values.mail_address(given)


class TestReadableFile:
    def test_a_file_with_something_in_it_is_taken(self, tmp_path):
        (tmp_path / "secret").write_text("secret\n")
        assert values.readable_file(str(tmp_path / "secret")) == tmp_path / "secret"

    def test_none_is_fine(self):
        assert values.readable_file("") is None

    def test_one_that_is_missing_or_empty_is_refused(self, tmp_path):
        (tmp_path / "empty").write_text("\n")
        with pytest.raises(ValueError, match="cannot read"):
            values.readable_file(str(tmp_path / "missing"))
        with pytest.raises(ValueError, match="is empty; write the secret into it"):
            values.readable_file(str(tmp_path / "empty"))


def test_a_path_is_made_absolute():
    assert values.path("~/x") == Path.home() / "x"
