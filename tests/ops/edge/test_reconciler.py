"""From any proxy to the declared one, whatever it does meanwhile, and no further."""

import fcntl
from dataclasses import replace
from datetime import timedelta

import pytest

from homeport.errors import UnavailableError
from homeport.ops.edge import reconciler as reconciler_module
from homeport.ops.edge.errors import (
    CertificateLimitError,
    CertificateRefusedError,
    NamesTakenError,
    NotPointingHereError,
    NotServedError,
    ProxyAwayError,
    ProxyVersionError,
)
from homeport.ops.edge.reconciler import Reconciler
from homeport.ops.edge.state import MARK
from tests.ops.edge.authority import RATE_LIMIT, REFUSED_CHALLENGE, CertificateFile
from tests.ops.edge.double import User
from tests.ops.edge.ways import Crashes, DirectTransport, DoubleOutside
from tests.ops.edge.world import GIT, Clock, World, declare

HARMFUL = ("caching_enabled", "block_exploits", "hsts_enabled", "hsts_subdomains", "trust_forwarded_proto")


def site_row(world):
    return next(row for row in world.double.hosts.values() if "example.org" in row["domain_names"])


class TestApply:
    def test_a_fresh_proxy_becomes_what_is_declared(self, tmp_path, version):
        world = World.of(declare(tmp_path, GIT), version)
        world.apply()
        assert [row["domain_names"] for row in world.double.hosts.values()] == [
            ["example.org", "www.example.org"],
            ["git.example.org"],
        ]
        assert world.double.default_site == "444"
        assert world.outside.look("www.example.org", has_tls=True).certificate is not None

    def test_a_second_time_nothing_is_written(self, tmp_path, version):
        world = World.of(declare(tmp_path, GIT), version)
        world.apply()
        assert world.apply() == []
        assert world.plan() == []

    def test_nothing_harmful_is_switched_on(self, tmp_path, version):
        world = World.of(declare(tmp_path, GIT), version)
        world.apply()
        for row in world.double.hosts.values():
            assert [name for name in HARMFUL if row[name]] == []
            assert row["ssl_forced"]
            assert row["http2_support"]

    def test_the_certificate_comes_before_the_host_and_is_never_called_new(self, fresh):
        written = fresh.apply()
        assert written.index("POST /nginx/certificates") < len(written) - 1 - written[::-1].index(
            "POST /nginx/proxy-hosts"
        )
        assert site_row(fresh)["certificate_id"] in fresh.double.certificates

    def test_no_long_token_is_ever_asked_for(self, settled):
        settled.clock.pass_days(3)
        settled.apply()
        assert settled.double.expiries_asked == []

    def test_a_plan_writes_nothing(self, fresh):
        assert len(fresh.plan()) == 4
        assert fresh.double.writes == []

    def test_a_switch_that_somebody_turned_is_turned_back(self, settled):
        site_row(settled).update(caching_enabled=True, block_exploits=True, ssl_forced=False)
        (planned,) = settled.plan()
        assert planned == (
            "change host 4 (example.org, www.example.org): ssl_forced False -> True, block_exploits True -> False, "
            "caching_enabled True -> False"
        )
        assert settled.apply() == ["PUT /nginx/proxy-hosts/4"]
        assert settled.plan() == []

    def test_a_host_that_somebody_switched_off_is_switched_on(self, settled):
        token = settled.reconciler()
        token.plan()
        token.proxy.session.call("POST", "/nginx/proxy-hosts/4/disable")
        settled.apply()
        assert settled.outside.look("example.org", has_tls=True).marker

    def test_a_host_that_is_not_declared_any_more_goes(self, tmp_path):
        world = World.of(declare(tmp_path, GIT))
        world.apply()
        world.change(hosts=())
        assert world.apply() == ["DELETE /nginx/proxy-hosts/7"]

    def test_a_host_that_somebody_else_made_stays(self, settled):
        settled.double.hosts[50] = {
            **site_row(settled),
            "id": 50,
            "domain_names": ["other.example"],
            "advanced_config": "",
        }
        assert settled.apply() == []

    def test_a_host_made_by_hand_for_a_declared_name_is_taken_over(self, settled):
        site_row(settled)["advanced_config"] = "# mine"
        settled.apply()
        assert site_row(settled)["advanced_config"].startswith(MARK)

    def test_a_name_is_the_same_in_capitals(self, settled):
        site_row(settled).update(domain_names=["WWW.example.org", "example.org"])
        assert settled.apply() == ["PUT /nginx/proxy-hosts/4"]

    def test_a_host_made_by_hand_that_serves_more_is_left_alone(self, settled):
        site_row(settled).update(advanced_config="", domain_names=["blog.example.org", "example.org"])
        with pytest.raises(NamesTakenError, match=r"host 4 .* also serves blog.example.org, which is not declared"):
            settled.apply()
        assert settled.double.writes == []

    def test_a_name_that_a_redirection_has_is_left_alone(self, fresh):
        fresh.double.redirections.append({"id": 9, "domain_names": ["www.example.org"]})
        fresh.double.users.append(User(1, "me@example.org", "the password of the edge"))
        with pytest.raises(NamesTakenError, match=r"www\.example\.org belongs to a redirection host"):
            fresh.apply()
        assert fresh.double.writes == []

    def test_names_may_move_between_hosts(self, tmp_path):
        world = World.of(declare(tmp_path, GIT, aliases=("a.example.org",)))
        world.apply()
        moved = replace(GIT, name="a.example.org")
        world.change(site=replace(world.declaration.site, aliases=("git.example.org",)), hosts=(moved,))
        world.apply()
        assert world.apply() == []
        assert [row["domain_names"] for row in world.double.hosts.values()] == [
            ["example.org", "git.example.org"],
            ["a.example.org"],
        ]

    def test_without_tls_no_certificate_is_asked_for(self, fresh):
        fresh.change(site=replace(fresh.declaration.site, has_tls=False))
        assert "POST /nginx/certificates" not in fresh.apply()
        assert fresh.plan() == []

    def test_a_site_that_does_not_answer_is_told_apart_from_an_edge_that_is_wrong(self, fresh):
        fresh.outside.site_status = 502
        with pytest.raises(NotServedError, match=r"the edge of example.org is right, but the site behind it does not"):
            fresh.apply()
        assert fresh.plan() == []

    @pytest.mark.parametrize("unknown", [(2, 9, 22), (2, 16, 0), (3, 0, 0)])
    def test_a_version_that_is_not_known_is_left_alone(self, settled, unknown):
        settled.double.version = unknown
        with pytest.raises(ProxyVersionError, match=r"known here are 2\.10 to 2\.15"):
            settled.apply()
        assert settled.double.writes == []


class TestCertificates:
    def test_one_that_covers_the_names_is_used_again(self, settled):
        settled.double.hosts.clear()
        settled.double.engine.confs.clear()
        settled.double.engine.reload()
        assert settled.apply() == ["POST /nginx/proxy-hosts"]

    def test_one_that_ends_soon_is_renewed_and_read_by_nginx(self, settled):
        before = settled.outside.look("example.org", has_tls=True).certificate
        settled.clock.pass_days(70)
        assert settled.apply() == ["POST /nginx/certificates/3/renew", "PUT /nginx/proxy-hosts/4"]
        assert settled.outside.look("example.org", has_tls=True).certificate.serial != before.serial
        assert settled.apply() == []

    def test_one_that_the_proxy_renewed_without_telling_nginx_is_read_by_nginx(self, settled):
        settled.clock.pass_days(61)
        file = settled.authority.renew(3, ["example.org", "www.example.org"])
        settled.double.engine.files[3] = file
        settled.double.certificates[3]["expires_on"] = f"{file.ends_at:%Y-%m-%d %H:%M:%S}"
        (planned,) = settled.plan()
        assert planned == (
            "write host 4 (example.org, www.example.org) again: example.org is served with a certificate that has been "
            "renewed since"
        )
        assert settled.apply() == ["PUT /nginx/proxy-hosts/4"]

    def test_one_that_is_new_and_ends_soon_nevertheless_is_not_renewed_again_and_again(self, fresh):
        fresh.authority.life = timedelta(days=6)
        with pytest.raises(NotServedError, match=r"the certificate of example\.org ends on .* \(6 days\)"):
            fresh.apply()
        assert not [written for written in fresh.double.writes if written.endswith("/renew")]
        fresh.clock.pass_days(2)
        with pytest.raises(NotServedError, match=r"ends on .* \(6 days\)"):
            fresh.apply()
        assert fresh.double.writes == ["POST /nginx/certificates/3/renew", "PUT /nginx/proxy-hosts/4"]

    def test_hosts_that_share_one_have_it_renewed_once(self, tmp_path):
        world = World.of(declare(tmp_path))
        world.apply()
        world.double.certificates[3]["domain_names"] = ["*.example.org", "example.org"]
        world.double.engine.files[3] = CertificateFile(7, frozenset(("*.example.org", "example.org")), world.clock())
        world.change(hosts=(GIT,))
        world.clock.pass_days(80)
        world.apply()
        assert [row["certificate_id"] for row in world.double.hosts.values()] == [3, 3]
        assert sum(written.endswith("/renew") for written in world.double.writes) == 1

    def test_one_that_a_crash_left_without_files_is_not_used(self, settled):
        now = f"{settled.clock():%Y-%m-%d %H:%M:%S}"
        names = ["git.example.org"]
        settled.double.certificates[20] = {
            **settled.double.certificates[3],
            "id": 20,
            "domain_names": names,
            "expires_on": now,
            "created_on": now,
        }
        settled.change(hosts=(GIT,))
        settled.apply()
        assert settled.double.hosts[max(settled.double.hosts)]["certificate_id"] != 20

    def test_certbot_that_is_busy_is_waited_for(self, fresh):
        fresh.double.is_certbot_busy = 3
        fresh.apply()
        assert fresh.plan() == []

    def test_one_from_the_rehearsal_is_exchanged_when_the_rehearsal_is_over(self, settled):
        served = settled.double.engine.files[3]
        settled.double.engine.files[3] = replace(served, issuer="CN=(STAGING) Pretend Pear X1,O=(STAGING) Internet")
        settled.double.engine.reload()
        with pytest.raises(NotServedError, match="from the authority's rehearsal; unset LE_STAGING"):
            settled.apply()
        assert settled.double.writes == []
        settled.clock.pass_days(2)
        assert "POST /nginx/certificates" in settled.apply()
        assert settled.apply() == []


class TestRefusals:
    def test_a_refused_certificate_is_told_in_certbots_words_and_changes_nothing(self, fresh):
        fresh.authority.refusals.append(REFUSED_CHALLENGE.format(name="example.org"))
        with pytest.raises(CertificateRefusedError) as refused:
            fresh.apply()
        assert str(refused.value) == (
            "the authority refuses a certificate for example.org, www.example.org: 203.0.113.9: Invalid response from "
            "http://example.org/.well-known/acme-challenge/x: 404"
        )
        assert "leads the authority to another server" in refused.value.hint
        assert fresh.double.hosts == {}
        assert fresh.double.certificates == {}

    def test_a_refused_certificate_leaves_a_plain_site_served(self, fresh):
        site = fresh.declaration.site
        fresh.change(site=replace(site, has_tls=False))
        fresh.apply()
        before = fresh.outside.look("example.org", has_tls=False)
        fresh.change(site=site)
        fresh.authority.refusals.append(REFUSED_CHALLENGE.format(name="example.org"))
        with pytest.raises(CertificateRefusedError):
            fresh.apply()
        assert fresh.outside.look("example.org", has_tls=False) == before

    def test_a_refused_renewal_leaves_the_site_served(self, settled):
        settled.clock.pass_days(75)
        before = settled.outside.look("example.org", has_tls=True)
        settled.authority.refusals.append("An unexpected error occurred:\nThe server is down for maintenance")
        with pytest.raises(CertificateRefusedError, match="An unexpected error occurred: The server is down for maint"):
            settled.apply()
        assert settled.outside.look("example.org", has_tls=True) == before

    def test_a_reached_limit_says_when_it_ends(self, fresh):
        fresh.authority.refusals.append(RATE_LIMIT.format(until="2027-03-01 10:00:00"))
        with pytest.raises(
            CertificateLimitError, match=r"before 2027-03-01 10:00 UTC: .*too many certificates"
        ) as refused:
            fresh.apply()
        assert refused.value.until is not None
        assert refused.value.until.year == 2027

    @pytest.mark.parametrize(
        ("there", "told"),
        [
            ("nowhere", "www.example.org has no address in the DNS"),
            ("another program (Apache) answers at 192.0.2.1 port 80", "www.example.org does not lead to this proxy"),
        ],
    )
    def test_a_name_that_leads_elsewhere_costs_no_order(self, fresh, there, told):
        fresh.outside.elsewhere["www.example.org"] = there
        with pytest.raises(NotPointingHereError, match=told):
            fresh.apply()
        assert "POST /nginx/certificates" not in fresh.double.writes
        assert fresh.double.hosts == {}

    def test_one_host_that_is_refused_does_not_stop_another(self, tmp_path):
        world = World.of(declare(tmp_path, GIT))
        world.outside.elsewhere["www.example.org"] = "nowhere"
        with pytest.raises(NotPointingHereError):
            world.apply()
        assert [row["domain_names"] for row in world.double.hosts.values()] == [["git.example.org"]]

    def test_an_authority_that_is_not_to_be_asked_yet_is_not_asked(self, fresh):
        with pytest.raises(CertificateRefusedError, match=r"not asked yet for example\.org"):
            fresh.reconciler().apply(print, may_ask_authority=False)
        assert "POST /nginx/certificates" not in fresh.double.writes


class TestCrashes:
    @pytest.mark.parametrize("is_after", [False, True], ids=["before it is done", "after it is done"])
    @pytest.mark.parametrize("write", range(1, 11))
    def test_wherever_the_way_breaks_the_next_time_mends_it(self, tmp_path, write, is_after):
        world = World.of(declare(tmp_path, GIT))
        crashes = Crashes(write, is_after)
        transport = DirectTransport(world.double, before=crashes.before, after=crashes.after)
        with pytest.raises(ProxyAwayError, match="does not answer"):
            world.apply(transport)
        world.apply()
        assert world.plan() == []
        assert world.outside.look("example.org", has_tls=True).certificate is not None
        assert len(world.double.hosts) == 2

    @pytest.mark.parametrize("is_after", [False, True], ids=["before it is done", "after it is done"])
    @pytest.mark.parametrize("write", [1, 2])
    def test_wherever_a_renewal_breaks_the_next_time_mends_it(self, settled, write, is_after):
        settled.clock.pass_days(70)
        crashes = Crashes(write, is_after)
        transport = DirectTransport(settled.double, before=crashes.before, after=crashes.after)
        with pytest.raises(ProxyAwayError):
            settled.apply(transport)
        settled.apply()
        served = settled.outside.look("example.org", has_tls=True).certificate
        assert (served.ends_at - settled.clock()).days > 80

    def test_a_proxy_that_ends_in_the_middle_of_an_order_is_mended(self, settled):
        """A row without files stays behind, and hosts without TLS."""
        settled.change(site=replace(settled.declaration.site, aliases=("www.example.org", "blog.example.org")))
        order = settled.double._order

        def end(number, names, email, in_use):
            order(number, names, email, in_use)
            del settled.double.engine.files[number]
            raise ProxyAwayError("the proxy does not answer (connection reset)")

        settled.double._order = end
        with pytest.raises(ProxyAwayError):
            settled.apply()
        settled.double._order = order
        settled.apply()
        assert settled.plan() == []
        assert settled.outside.look("blog.example.org", has_tls=True).certificate is not None


class TestZone:
    def test_the_custom_folder_is_written_before_a_host_speaks_of_it(self, tmp_path):
        custom = tmp_path / "custom"
        custom.mkdir()
        (custom / "http_top.conf").write_text("# somebody's own\n")
        declaration = declare(tmp_path)
        world = World.of(replace(declaration, proxy=replace(declaration.proxy, custom_dir=custom)))
        world.apply()
        text = (custom / "http_top.conf").read_text()
        assert text.startswith("# somebody's own\n")
        assert "keys_zone=homeport:10m max_size=512m inactive=24h" in text
        assert "proxy_cache homeport;" in site_row(world)["advanced_config"]
        assert world.apply() == []

    def test_a_file_that_has_gone_comes_back_and_is_read(self, tmp_path):
        custom = tmp_path / "custom"
        custom.mkdir()
        declaration = declare(tmp_path)
        world = World.of(replace(declaration, proxy=replace(declaration.proxy, custom_dir=custom)))
        world.apply()
        (custom / "http_top.conf").unlink()
        assert world.apply() == ["PUT /nginx/proxy-hosts/4"]

    def test_a_change_of_the_zone_is_a_change_of_the_host(self, tmp_path):
        custom = tmp_path / "custom"
        custom.mkdir()
        declaration = declare(tmp_path)
        world = World.of(replace(declaration, proxy=replace(declaration.proxy, custom_dir=custom)))
        world.apply()
        world.change(cache=replace(world.declaration.cache, stale_hours=48))
        assert world.apply() == ["PUT /nginx/proxy-hosts/4"]
        assert "inactive=48h" in (custom / "http_top.conf").read_text()

    def test_without_the_folder_the_plan_says_what_is_missing(self, fresh):
        plan = fresh.reconciler().plan()
        assert len(plan.wanted.remarks) == 1
        assert "mount the proxy's folder /data/nginx/custom" in plan.wanted.remarks[0]

    def test_a_folder_that_is_not_there_is_named(self, fresh, tmp_path):
        fresh.change(proxy=replace(fresh.declaration.proxy, custom_dir=tmp_path / "missing"))
        assert str(tmp_path / "missing") in fresh.reconciler().plan().wanted.remarks[0]


class TestAlone:
    def test_two_do_not_write_at_the_same_time(self, fresh, monkeypatch):
        monkeypatch.setattr(reconciler_module, "LOCK_SECONDS", 0)
        with fresh.declaration.proxy.password_file.open("rb") as held:
            fcntl.flock(held.fileno(), fcntl.LOCK_EX)
            with pytest.raises(UnavailableError, match="another `homeport edge` is at work"):
                fresh.apply()
        assert fresh.double.writes == []


class TestWaiting:
    def test_a_proxy_that_is_still_starting_is_waited_for(self, fresh, monkeypatch):
        monkeypatch.setattr(reconciler_module, "POLL_SECONDS", 0)
        tries = iter([True, True, False])

        def fail_twice(what):
            if next(tries, False):
                raise ProxyAwayError("the proxy does not answer (connection refused)")

        fresh.reconciler(DirectTransport(fresh.double, before=fail_twice)).wait_for_proxy()

    def test_a_proxy_that_never_comes_is_given_up(self, fresh):
        def fail(what):
            raise ProxyAwayError("the proxy does not answer (connection refused)")

        with pytest.raises(ProxyAwayError):
            fresh.reconciler(DirectTransport(fresh.double, before=fail)).wait_for_proxy(0)


def test_the_real_one_asks_the_declared_address(fresh):
    made = Reconciler.of(fresh.declaration)
    assert made.proxy.session.transport.url == "http://127.0.0.1:81"
    assert not isinstance(made.outside, DoubleOutside)
    assert Clock().moment.tzinfo is not None
