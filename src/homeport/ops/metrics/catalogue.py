"""Every metric that there is, and what it means; what is not in here cannot be told."""

from dataclasses import dataclass

COUNTER, GAUGE, HISTOGRAM = "counter", "gauge", "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric by its name without the prefix."""

    name: str
    kind: str
    help: str

    @property
    def full_name(self) -> str:
        """The name that Prometheus knows it by."""
        return f"homeport_{self.name}"


METRICS = (
    Metric("info", GAUGE, "Always 1; the label says which release runs."),
    Metric("start_time_seconds", GAUGE, "When the supervisor began, in seconds since 1970."),
    Metric("requests_total", COUNTER, "Requests that were answered, by class of status, without those about health."),
    Metric("request_seconds", HISTOGRAM, "How long answers took, from the whole request to the last byte handed over."),
    Metric("not_modified_total", COUNTER, "Requests answered from the reader's own cache: 304 instead of the page."),
    Metric("stored_total", COUNTER, "Requests answered with a stored page: nobody has rendered anything."),
    Metric("workers_started_total", COUNTER, "Workers of the web server that have begun to work."),
    Metric("restarts_total", COUNTER, "How often the supervisor has started a service again."),
    Metric("memory_bytes", GAUGE, "Memory of the processes, what they share counted once."),
    Metric("database_up", GAUGE, "1 when the database answers, else 0."),
    Metric("database_answer_seconds", GAUGE, "How long it took to connect to the database and ask it for all of this."),
    Metric("database_connections", GAUGE, "Connections to the site's database."),
    Metric("database_connections_max", GAUGE, "Connections that the server takes, all databases together."),
    Metric("database_size_bytes", GAUGE, "Size of the site's database."),
    Metric("jobs_waiting", GAUGE, "Jobs whose time has come and that are not done."),
    Metric("jobs_failed", GAUGE, "Jobs that have failed for good and wait for somebody to look."),
    Metric("jobs_oldest_seconds", GAUGE, "How long the oldest of the waiting jobs has waited."),
    Metric("disk_free_bytes", GAUGE, "Room that is left where the folder is."),
    Metric("disk_size_bytes", GAUGE, "Size of the disk where the folder is."),
    Metric("certificate_days", GAUGE, "Days until the served certificate ends, as the reconciler saw it."),
    Metric("edge_alarms", GAUGE, "Things about the edge that readers notice, as the reconciler saw it."),
    Metric("edge_drift", GAUGE, "Differences between the edge and its declaration, as the reconciler saw it."),
    Metric("edge_age_seconds", GAUGE, "How long ago the reconciler looked."),
    Metric("backup_age_seconds", GAUGE, "How old the newest backup is; missing while there is none."),
    Metric("backup_proven_age_seconds", GAUGE, "How long ago a backup was last proven by restoring it."),
    Metric("backup_copy_age_seconds", GAUGE, "How old the newest backup is that is in every other place, too."),
    Metric("backup_log_age_seconds", GAUGE, "How long ago all but the last minute of the database's log was safe."),
    Metric("backup_log_proven_age_seconds", GAUGE, "How long ago a server last started on base backup and log."),
    Metric("backup_failed", GAUGE, "1 when the last backup, its proof or its copy has failed."),
)

BY_NAME = {metric.name: metric for metric in METRICS}
