"""Tags and series in the studio: what they are called, what is said about them, and which tags are one."""

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts.guard import requires
from homeport.accounts.permissions import Permission
from homeport.blog.queries.subjects import KINDS, page_of_subjects
from homeport.blog.taxonomy import describe_series, describe_tag, find_series, find_tag, merge_tags, rename_tag
from homeport.errors import ConflictError, InvalidError, NotFoundError
from homeport.web.database import reader, session
from homeport.web.forms import text_field
from homeport.web.studio import render_studio

blueprint = Blueprint("studio_taxonomy", __name__, template_folder="templates")


@blueprint.get("/studio/tags")
@requires(Permission.EDIT)
def tags() -> str:
    """Show the first of both, or with `kind` and `after` more of one of them."""
    words, after = request.args.get("q", "").strip(), request.args.get("after", "")
    kinds = [kind for kind in KINDS if request.args.get("kind", kind) == kind] or KINDS
    pages = [page_of_subjects(reader(), kind, after=after, words=words) for kind in kinds]
    return render_studio("studio/subjects.html", title="Tags and series", pages=pages, words=words)


@blueprint.get("/studio/tags/<slug>")
@requires(Permission.EDIT)
def tag(slug: str) -> str:
    found = find_tag(session(), slug)
    return _tag_page(slug, {"title": found.title, "description": found.description, "slug": found.slug})


@blueprint.post("/studio/tags/<slug>")
@requires(Permission.EDIT)
def change_tag(slug: str) -> str | Response:
    typed = {name: text_field(name) for name in ("title", "description", "slug")}
    if not typed["title"]:
        return make_response(_tag_page(slug, typed, "A tag needs a title."), 422)
    try:
        rename_tag(session(), slug, typed["slug"] or slug, typed["title"])
        describe_tag(session(), typed["slug"] or slug, description=typed["description"])
    except (InvalidError, ConflictError) as error:
        return make_response(_tag_page(slug, typed, f"{error}. {error.hint}"), 422)
    return make_response(redirect("/studio/tags", 303))


@blueprint.post("/studio/tags/<slug>/merge")
@requires(Permission.EDIT)
def merge(slug: str) -> str | Response:
    into = text_field("into")
    try:
        merge_tags(session(), slug, into)
    except (InvalidError, NotFoundError) as error:
        found = find_tag(session(), slug)
        typed = {"title": found.title, "description": found.description, "slug": found.slug, "into": into}
        return make_response(_tag_page(slug, typed, f"{error}."), 422)
    return make_response(redirect("/studio/tags", 303))


@blueprint.get("/studio/series/<slug>")
@requires(Permission.EDIT)
def series(slug: str) -> str:
    found = find_series(session(), slug)
    return _series_page(slug, {"title": found.title, "description": found.description})


@blueprint.post("/studio/series/<slug>")
@requires(Permission.EDIT)
def change_series(slug: str) -> str | Response:
    typed = {name: text_field(name) for name in ("title", "description")}
    if not typed["title"]:
        return make_response(_series_page(slug, typed, "A series needs a title."), 422)
    describe_series(session(), slug, title=typed["title"], description=typed["description"])
    return make_response(redirect("/studio/tags", 303))


def _tag_page(slug: str, values: dict[str, str], fault: str = "") -> str:
    tags = page_of_subjects(reader(), "tag")
    others = [each for each in tags.subjects if each.slug != slug]
    facts = {"slug": slug, "values": values, "others": others, "are_more": bool(tags.after), "fault": fault}
    return render_studio("studio/tag.html", title="Tag", kind="tags", **facts)


def _series_page(slug: str, values: dict[str, str], fault: str = "") -> str:
    return render_studio(
        "studio/tag.html", title="Series", slug=slug, values=values, others=[], fault=fault, kind="series"
    )
