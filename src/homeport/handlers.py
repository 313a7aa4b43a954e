"""Which function does which kind of job; apart from `app.py`, because readers do not wait until it is loaded."""

from datetime import timedelta
from functools import partial

from homeport.accounts.jobs import purge as purge_accounts
from homeport.blog.jobs import published, purge_entries
from homeport.blog.media_use import follow_media, rerender_entry
from homeport.comments.jobs import forget, tell, tell_more
from homeport.drill.jobs import nightly
from homeport.jobs.housekeeping import purge
from homeport.jobs.registry import Handler, Registry
from homeport.mail.jobs import send as send_mail
from homeport.media.jobs import forget_copies, make_missing_variants, make_variants
from homeport.search.jobs import index, index_missing
from homeport.warming import Site, make_site, render_missing

JOB_HANDLERS: dict[str, Handler] = {
    "search.index": index,
    "search.index_missing": index_missing,
    "accounts.purge": purge_accounts,
    "jobs.purge": purge,
    "blog.published": published,
    "blog.purge": purge_entries,
    "mail.send": send_mail,
    "media.variants": make_variants,
    "media.variants_missing": make_missing_variants,
    "media.changed": follow_media,
    "media.forget": forget_copies,
    "blog.rerender": rerender_entry,
    "comments.forget": forget,
    "comments.tell": tell,
    "comments.tell_more": tell_more,
    "backup.nightly": nightly,
}
"""What does which kind of job; a heavy library is imported by the function that needs it."""

RECURRING = {
    "accounts.purge": timedelta(days=1),
    "jobs.purge": timedelta(days=1),
    "blog.purge": timedelta(days=1),
    "media.variants_missing": timedelta(days=1),
    "search.index_missing": timedelta(days=1),
    "comments.forget": timedelta(days=1),
    # It looks whether something has changed.
    "pages.render_missing": timedelta(minutes=1),
    # It looks every hour whether an archive is due.
    "backup.nightly": timedelta(hours=1),
}
"""What is done again and again without anybody asking."""

SLOW = frozenset({"media.variants", "backup.nightly", "pages.render_missing"})
"""What takes seconds each or comes by the thousand, so that it must not delay a mail."""


def registry_of(site: Site = make_site) -> Registry:
    """Return everything that is done, with an application that renders pages."""
    return Registry({**JOB_HANDLERS, "pages.render_missing": partial(render_missing, site=site)}, RECURRING, SLOW)


REGISTRY = registry_of()
