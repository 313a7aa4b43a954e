"""What the site is to reach, each with the row that tells it and the command that measures it."""

from typing import NamedTuple


class Aim(NamedTuple):
    """One figure to reach."""

    what: str
    reach: str
    unit: str
    row: str
    how: str


AIMS = (
    Aim("post from Gunicorn alone, stored", "<= 0.03", "CPU ms", "stored post: CPU", "`bin/bench all`"),
    Aim("the same beside nginx", "<= 1.3", "x", "stored post: CPU, times nginx with a file", "`bin/bench all`"),
    Aim(
        "post through the edge, stored: nginx with a file / ours",
        ">= 0.80",
        "of its CPU",
        "edge, stored post: CPU of nginx, file / ours",
        "`bin/bench all`",
    ),
    Aim(
        "the same with TLS",
        ">= 0.85",
        "of its CPU",
        "edge, stored post, TLS: CPU of nginx, file / ours",
        "`bin/bench all`",
    ),
    Aim(
        "post, nothing stored, PostgreSQL included", "<= 1.2", "CPU ms", "post, nothing stored: CPU", "`bin/bench all`"
    ),
    Aim("home page, nothing stored", "<= 2", "CPU ms", "home, nothing stored: CPU", "`bin/bench all`"),
    Aim("feed, nothing stored", "<= 2", "CPU ms", "feed, nothing stored: CPU", "`bin/bench all`"),
    Aim(
        "stored pages beside 4 threads that render",
        ">= 10,000",
        "a second",
        "stored pages beside 4 that render: rate",
        "`bin/bench all`",
    ),
    Aim("the same, p99", "< 15", "ms", "stored pages beside 4 that render: p99", "`bin/bench all`"),
    Aim("from commit to visible on all workers, p99", "< 20", "ms", "commit to visible: p99", "`bin/bench visible`"),
    Aim("the same through the edge", "< 1.1", "s", "commit to visible, edge: most", "`bin/bench visible`"),
    Aim(
        "weight of a post of 6 KB, all in all, brotli",
        "<= 10",
        "KiB",
        "post: page and style sheet, brotli",
        "`bin/bench all`",
    ),
    Aim("memory at rest, PostgreSQL included", "<= 150", "MiB", "memory: at rest", "`bin/bench all`"),
    Aim("memory under load", "<= 200", "MiB", "memory: after load", "`bin/bench all`"),
    Aim("100,000 posts against 200", "<= 1.3", "x", "growth: dearest page", "`bin/bench growth`"),
    Aim(
        "500 new readers a second, a comment a second: errors", "0", "", "front page: errors", "`bin/bench hackernews`"
    ),
    Aim("the same, p99", "< 250", "ms", "front page: p99", "`bin/bench hackernews`"),
)
