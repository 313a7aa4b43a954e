"""What a step leads to when the proxy says yes and means no: everything as it was, and one sentence."""

from dataclasses import replace

import pytest

from homeport.ops.edge.errors import (
    CertificateRefusedError,
    HostOfflineError,
    NotServedError,
    PortTakenError,
    ProxyAwayError,
    ProxyRefusedError,
)
from tests.ops.edge.ways import DirectTransport
from tests.ops.edge.world import GIT


def refuse_from_now_on(world, fault):
    """Let nginx find a fault in every configuration but the one that is live."""
    engine, good = world.double.engine, {conf.text for conf in world.double.engine.confs.values()}
    test = engine.test
    engine.test = lambda: fault if any(conf.text not in good for conf in engine.confs.values()) else test()


def change_declaration(world):
    world.change(site=replace(world.declaration.site, max_body_bytes=2048))


def test_a_host_that_nginx_does_not_take_gets_its_former_configuration_back(settled):
    before, row = settled.outside.look("example.org", has_tls=True), dict(settled.double.hosts[4])
    refuse_from_now_on(settled, "nginx: [emerg] something is wrong in /data/nginx/proxy_host/4.conf:9\n")
    change_declaration(settled)
    with pytest.raises(HostOfflineError) as refused:
        settled.apply()
    assert str(refused.value) == (
        "the proxy's nginx does not take the host of example.org, www.example.org: "
        "nginx: [emerg] something is wrong in /data/nginx/proxy_host/4.conf:9"
    )
    assert refused.value.hint == "The former configuration was put back."
    assert settled.outside.look("example.org", has_tls=True) == before
    assert settled.double.hosts[4] == row


def test_a_new_host_that_nginx_does_not_take_is_taken_away_again(settled):
    refuse_from_now_on(settled, "nginx: [emerg] something is wrong")
    settled.change(hosts=(replace(GIT, upstream=replace(GIT.upstream, host="broken")),))
    settled.double.engine.files[20] = replace(settled.double.engine.files[3], names=frozenset(("git.example.org",)))
    settled.double.certificates[20] = {**settled.double.certificates[3], "id": 20, "domain_names": ["git.example.org"]}
    with pytest.raises(HostOfflineError, match=r"git\.example\.org: nginx: \[emerg\] something is wrong"):
        settled.apply()
    assert list(settled.double.hosts) == [4]
    assert settled.outside.look("example.org", has_tls=True).marker


def test_a_port_that_somebody_has_is_told(settled):
    refuse_from_now_on(settled, "nginx: [emerg] bind() to 0.0.0.0:443 failed (98: Address already in use)")
    change_declaration(settled)
    with pytest.raises(PortTakenError, match="another program on the server has port 443"):
        settled.apply()


def test_a_host_that_readers_do_not_see_any_more_gets_its_former_configuration_back(settled):
    row = dict(settled.double.hosts[4])
    settled.double.engine.reload = lambda: None
    change_declaration(settled)
    with pytest.raises(
        NotServedError, match=r"example\.org is not served as declared: the configuration is another"
    ) as told:
        settled.apply()
    assert "The former configuration was put back." in told.value.hint
    assert settled.double.hosts[4] == row


def test_a_name_that_was_not_seen_before_either_is_no_reason_to_go_back(settled):
    settled.outside.elsewhere.update({"example.org": "nobody answers", "www.example.org": "nobody answers"})
    change_declaration(settled)
    with pytest.raises(NotServedError, match=r"example\.org is not served as declared: nobody answers"):
        settled.apply()
    assert "client_max_body_size 2048;" in settled.double.hosts[4]["advanced_config"]


def test_a_certificate_that_was_deleted_while_a_host_used_it_is_mended(settled):
    """From then on the proxy refuses every write to every host."""
    del settled.double.certificates[3]
    del settled.double.engine.files[3]
    settled.apply()
    assert settled.apply() == []
    assert settled.outside.look("example.org", has_tls=True).certificate is not None


def test_a_certificate_that_was_deleted_and_cannot_be_had_again_leaves_the_site_without_tls(settled):
    del settled.double.certificates[3]
    del settled.double.engine.files[3]
    settled.authority.refusals.append("An unexpected error occurred:\nThe server is down for maintenance")
    with pytest.raises(CertificateRefusedError, match="down for maintenance"):
        settled.apply()
    assert settled.outside.look("example.org", has_tls=False).marker
    settled.apply()
    assert settled.outside.look("example.org", has_tls=True).certificate is not None
    assert settled.apply() == []


def test_a_strangers_host_that_blocks_everything_is_told(settled):
    settled.double.hosts[50] = {**settled.double.hosts[4], "id": 50, "domain_names": ["a.org"], "advanced_config": ""}
    settled.double._configure(settled.double.hosts[50])
    settled.double.engine.confs["host-50"] = replace(settled.double.engine.confs["host-50"], certificate_id=999)
    change_declaration(settled)
    with pytest.raises(
        ProxyRefusedError, match=r"could not write the host of example\.org, www\.example\.org"
    ) as refused:
        settled.apply()
    assert "A certificate that was deleted" in refused.value.hint


def test_a_proxy_that_ends_in_the_middle_is_one_sentence(settled):
    def end(what):
        if what.startswith("PUT"):
            raise ProxyAwayError("the proxy does not answer at http://npm:81 (Connection reset by peer)")

    change_declaration(settled)
    with pytest.raises(ProxyAwayError, match=r"does not answer at http://npm:81 \(Connection reset by peer\)"):
        settled.apply(DirectTransport(settled.double, before=end))
    assert settled.outside.look("example.org", has_tls=True).marker
