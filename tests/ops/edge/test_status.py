"""The edge at a glance."""

from homeport.ops.edge.status import status_of
from tests.ops.edge.world import GIT


def status(world):
    reconciler = world.reconciler()
    plan = reconciler.plan()
    return status_of(plan, reconciler.faults(plan), reconciler.now())


def test_a_settled_edge_shows_its_hosts_and_days_left(settled):
    found = status(settled)
    assert (found.version, found.drift, found.alarms) == ("2.15.1", (), ())
    (host,) = found.hosts
    assert host.names == ("example.org", "www.example.org")
    assert (host.leads_to, host.is_declared, host.is_online) == ("http://flask-blog:5000", True, True)
    assert host.days_left == 90
    (certificate,) = found.certificates
    assert certificate.is_used
    assert certificate.days_left == 89


def test_what_is_declared_and_missing_is_there_too(settled):
    settled.change(hosts=(GIT,))
    host = status(settled).hosts[-1]
    assert (host.names, host.is_declared, host.is_online, host.days_left) == (("git.example.org",), True, False, None)


def test_what_somebody_made_by_hand_is_marked(settled):
    settled.double.hosts[50] = {**settled.double.hosts[4], "id": 50, "domain_names": ["a.org"], "advanced_config": ""}
    assert [host.is_declared for host in status(settled).hosts] == [True, False]


def test_drift_and_alarms_are_told_apart(settled):
    settled.double.hosts[4]["caching_enabled"] = True
    found = status(settled)
    assert len(found.drift) == 1
    assert found.alarms == ()
    settled.clock.pass_days(70)
    assert len(status(settled).alarms) == 2
