"""The text that Prometheus reads."""

import pytest

from homeport.ops.metrics.exposition import Sample, expose


def test_each_metric_is_introduced_once():
    text = expose([Sample("requests_total", 3, {"class": "2xx"}), Sample("requests_total", 0.5, {"class": "5xx"})])
    assert text.splitlines() == [
        "# HELP homeport_requests_total Requests that were answered, by class of status, without those about health.",
        "# TYPE homeport_requests_total counter",
        'homeport_requests_total{class="2xx"} 3',
        'homeport_requests_total{class="5xx"} 0.5',
    ]
    assert text.endswith("\n")


def test_parts_of_a_histogram_have_names_of_their_own():
    text = expose(
        [Sample("request_seconds", 1, {"le": "+Inf"}, "_bucket"), Sample("request_seconds", 2, suffix="_sum")]
    )
    assert "# TYPE homeport_request_seconds histogram\n" in text
    assert 'homeport_request_seconds_bucket{le="+Inf"} 1\nhomeport_request_seconds_sum 2\n' in text
    assert text.count("# HELP") == 1


def test_labels_cannot_break_out():
    assert r'{version="a\"b\\c\nd"}' in expose([Sample("info", 1, {"version": 'a"b\\c\nd'})])


def test_what_is_not_in_the_catalogue_is_not_told():
    with pytest.raises(KeyError):
        expose([Sample("made_up", 1)])
