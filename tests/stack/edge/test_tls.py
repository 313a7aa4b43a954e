"""Certificates from an authority to a reader: issued, served, renewed, refused, about to end."""

import pytest

from homeport.ops.edge.errors import CertificateRefusedError, NotServedError
from homeport.ops.edge.status import status_of

pytestmark = pytest.mark.stack


def served(edge, name="example.org"):
    return edge.reconciler.outside.look(name, has_tls=True).certificate


def test_a_certificate_is_issued_served_and_renewed(edge):
    edge.apply()
    first = served(edge)
    assert first.names == {"example.org", "www.example.org"}
    assert first.distrust == ""
    assert edge.apply() == []

    edge.clock.pass_days(70)
    edge.begin_anew_with_renewal()
    assert [written.rpartition("/")[2] for written in edge.apply()] == ["renew", "4"]
    second = served(edge)
    assert second.serial != first.serial
    assert second.ends_at > first.ends_at
    assert served(edge, "www.example.org").serial == second.serial


def test_a_renewal_that_nginx_was_not_told_of_is_noticed_and_read(edge):
    edge.apply()
    first = served(edge)
    edge.double.engine.files[3] = edge.double.authority.renew(3, ["example.org", "www.example.org"])
    # It is only seconds newer; the proxy says when it ends, and readers get the former one.
    edge.double.certificates[3]["expires_on"] = "2099-01-01 00:00:00"
    assert served(edge).serial == first.serial
    with pytest.raises(NotServedError, match="takes what it is told"):
        edge.apply()
    assert served(edge).serial != first.serial


def test_a_certificate_that_ends_soon_is_an_alarm(edge):
    edge.apply()
    edge.clock.pass_days(70.5)
    plan = edge.reconciler.plan()
    status = status_of(plan, edge.reconciler.faults(plan), edge.clock())
    assert [alarm for alarm in status.alarms if "(19 days)" in alarm] == list(status.alarms)
    assert len(status.alarms) == 2
    assert status.hosts[0].days_left == 19
    assert status.drift[0].startswith("renew certificate 3")


def test_a_refused_certificate_is_told_in_certbots_words_and_the_site_goes_on(edge):
    edge.apply()
    edge.pebble.send_elsewhere("blog.example.org", "127.0.0.9")
    declared = edge.reconciler.declaration
    site = declared.site
    edge.declare(
        site=type(site)(site.name, (*site.aliases, "blog.example.org"), True, site.upstream, site.max_body_bytes)
    )
    with pytest.raises(
        CertificateRefusedError, match=r"http://blog.example.org.* dial tcp 127.0.0.9:\d+: connect: connection refused"
    ):
        edge.apply()
    edge.declare(site=site)
    assert edge.apply() == []


def test_the_proof_fails_when_readers_would_refuse_the_certificate(edge, tmp_path):
    edge.apply()
    view = edge.reconciler.declaration.outside
    edge.reconciler.outside = type(edge.reconciler.outside)(
        type(view)(view.address, view.http_port, view.https_port, edge.pebble.ca_file)
    )
    with pytest.raises(
        NotServedError, match=r"browsers refuse the certificate of example.org: unable to get local issuer"
    ):
        edge.apply()
