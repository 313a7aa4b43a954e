"""The public pages of posts, pages, tags, series, authors and the archive."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from homeport.blog import pages, queries
from homeport.blog.past import lead_on
from homeport.blog.rows import EntryList, MonthCount, SubjectList, count_by_month
from homeport.cache.http import depends_on, entry_key
from homeport.errors import NotFoundError
from homeport.site.queries import other_spelling
from homeport.site.rows import SiteCard
from homeport.site.views import current_site
from homeport.web.addresses import moved_to
from homeport.web.database import reader
from homeport.web.slots import kernel
from homeport.web.templating import render_page

blueprint = Blueprint("blog", __name__, template_folder="templates")

Answer = str | Response


@blueprint.get("/")
def home() -> Answer:
    site = current_site()
    before = request.args.get("before", "")
    entries = _existing(queries.list_home(reader(), before), before)
    return render_page("blog/home.html", site=site, page=pages.home(site, entries, before), entries=entries)


@blueprint.get("/<path:path>")
def entry(path: str) -> Answer:
    asked = f"/{path}"
    found = queries.find_entry_page(reader(), asked, other_spelling(asked), extras=kernel().entry_columns)
    if found is None:
        return lead_on(reader(), asked)
    if found.card.path != asked:
        return moved_to(found.card.path)
    depends_on(entry_key(found.id))
    site = current_site()
    template = "blog/page.html" if found.card.kind == "page" else "blog/entry.html"
    parts = [part(site, found) for part in kernel().entry_parts]
    return render_page(template, site=site, page=pages.entry(site, found, parts), entry=found, parts=parts)


@blueprint.get("/tags")
def tags() -> Answer:
    depends_on()
    site, after = current_site(), request.args.get("after", "")
    found = _existing_after(queries.page_of_tags(reader(), after), after)
    return render_page("blog/tags.html", site=site, page=pages.tags(site, after), tags=found)


@blueprint.get("/tags/<slug>")
def tag(slug: str) -> Answer:
    depends_on()
    before = request.args.get("before", "")
    found = queries.list_by_tag(reader(), slug, before)
    if found is None:
        return lead_on(reader(), f"/tags/{slug}")
    site, (card, entries) = current_site(), found
    page = pages.tag(site, card, _existing(entries, before), before)
    return render_page("blog/tag.html", site=site, page=page, tag=card, entries=entries)


@blueprint.get("/series")
def series_list() -> Answer:
    depends_on()
    site, after = current_site(), request.args.get("after", "")
    found = _existing_after(queries.page_of_series(reader(), after), after)
    return render_page("blog/series_list.html", site=site, page=pages.series_list(site, after), series_list=found)


@blueprint.get("/series/<slug>")
def series(slug: str) -> Answer:
    depends_on()
    after = request.args.get("after", "")
    found = queries.find_series(reader(), slug, after)
    if found is None:
        return lead_on(reader(), f"/series/{slug}")
    site, (card, entries) = current_site(), found
    page = pages.series(site, card, after)
    return render_page("blog/series.html", site=site, page=page, series=card, entries=_existing(entries, after))


@blueprint.get("/authors/<slug>")
def author(slug: str) -> Answer:
    depends_on()
    before = request.args.get("before", "")
    found = queries.list_by_author(reader(), slug, before)
    if found is None:
        return lead_on(reader(), f"/authors/{slug}")
    site, (card, entries) = current_site(), found
    page = pages.author(site, card, _existing(entries, before), before)
    return render_page("blog/author.html", site=site, page=page, author=card, entries=entries)


@blueprint.get("/archive")
def archive() -> Answer:
    depends_on()
    site = current_site()
    entries = queries.list_listed(reader())
    # More than fit: the months lead to them.
    months = count_by_month(entries, site.time_zone) or queries.count_months(reader(), site.time_zone)
    return render_page("blog/archive.html", site=site, page=pages.archive(site), months=months, entries=entries)


@blueprint.get("/archive/<int(fixed_digits=4):year>")
def archive_year(year: int) -> Answer:
    depends_on()
    site = current_site()
    entries = queries.list_year(reader(), year, site.time_zone) if 1 <= year < 9999 else ()
    months = count_by_month(entries, site.time_zone) or _months_of(site, year)
    page = pages.archive_year(site, year)
    return render_page("blog/archive_year.html", site=site, page=page, year=year, months=months, entries=entries)


@blueprint.get("/archive/<int(fixed_digits=4):year>/<int(fixed_digits=2):month>")
def archive_month(year: int, month: int) -> Answer:
    depends_on()
    site, before = current_site(), request.args.get("before", "")
    if not (1 <= year < 9999 and 1 <= month <= 12):
        raise NotFoundError(f"there is no month {year}-{month:02}")
    entries = queries.list_month(reader(), year, month, site.time_zone, before)
    if not entries.entries:
        raise NotFoundError(f"nothing was published in {year}-{month:02}")
    page = pages.archive_month(site, year, month, before)
    return render_page("blog/archive_month.html", site=site, page=page, year=year, month=month, entries=entries)


def _months_of(site: SiteCard, year: int) -> tuple[MonthCount, ...]:
    months = queries.count_months(reader(), site.time_zone, year) if 1 <= year < 9999 else ()
    if not months:
        raise NotFoundError(f"nothing was published in {year}")
    return months


def _existing_after(subjects: SubjectList, after: str) -> SubjectList:
    """Refuse an address of further subjects that no page links to."""
    if after and not subjects.subjects:
        raise NotFoundError(f"there is nothing after {after!r}")
    return subjects


def _existing(entries: EntryList, before: str) -> EntryList:
    """Refuse an address of older entries that no page links to."""
    if before and not entries.entries:
        raise NotFoundError(f"there is nothing before {before!r}")
    return entries
