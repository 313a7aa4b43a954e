"""The conversation below an entry, what the page's head says of it, and the pages with the rest of a long one."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from homeport.blog.past import lead_on
from homeport.blog.rows import EntryPage
from homeport.blog.views import entry as entry_at
from homeport.comments.queries import ConversationPage, conversation_of, find_earlier, find_last_before, find_thread
from homeport.comments.rows import Conversation, anchor_of
from homeport.errors import NotFoundError
from homeport.site.rows import SiteCard
from homeport.site.views import current_site
from homeport.web.database import reader
from homeport.web.meta import FeedLink, PageMeta
from homeport.web.slots import EntryPart
from homeport.web.templating import render_page

# Brings the templates to an application that has none of the pages for writing comments.
blueprint = Blueprint("conversation", __name__, template_folder="templates")

COLUMN = "conversation"
FEED_NAME = "comments.atom"
REST_NAME = "comments"


def entry_part(site: SiteCard, entry: EntryPage) -> EntryPart:
    """Return what stands below an entry; nothing where nobody has said anything and nobody may."""
    conversation = conversation_of(site, entry.card.kind, entry.extras[COLUMN])
    if not conversation.count and not conversation.is_open:
        return EntryPart("")
    template = current_app.jinja_env.get_template("comments/conversation.html")
    path = entry.card.path
    return EntryPart(
        html=template.render(site=site, entry_id=entry.public_id, entry_path=path, conversation=conversation),
        feeds=(FeedLink(f"{path}/{FEED_NAME}", f"Comments on {entry.card.heading}"),),
        facts=_facts(conversation),
    )


@blueprint.get(f"/<path:path>/{REST_NAME}")
def rest(path: str) -> str | Response:
    """Show threads `before` one, or one `thread`, perhaps from the answer `after` one or with one; else an entry."""
    asked, base = f"/{path}/{REST_NAME}", f"/{path}".rstrip("/")
    names = ("before", "thread", "after", "answer")
    before, thread, after, answer = (_uuid(request.args.get(name, "")) for name in names)
    if before:
        part = find_earlier(reader(), current_site(), asked, base, before)
    elif thread and answer and (last := find_last_before(reader(), thread, answer)):
        return redirect(f"{asked}?thread={thread}&after={last}#{anchor_of(str(answer))}")
    elif thread:
        part = find_thread(reader(), current_site(), asked, base, thread, after)
    else:
        return entry_at(asked.removeprefix("/"))
    return _page(part) if part else _entry_or_past(asked, base)


def _page(part: ConversationPage) -> str:
    if not part.conversation.comments:
        raise NotFoundError("no part of the conversation is here")
    title = "Earlier comments" if "before" in request.args else "One thread"
    page = PageMeta(title=title, path=f"{part.entry_path}/{REST_NAME}?{_query()}", is_indexed=False)
    return render_page("comments/earlier.html", site=current_site(), page=page, part=part)


def _entry_or_past(asked: str, base: str) -> str | Response:
    """Answer with the entry that lives here after all, or lead to where the conversation's entry lives now."""
    try:
        return entry_at(asked.removeprefix("/"))
    except NotFoundError:
        return lead_on(reader(), base, suffix=f"/{REST_NAME}?{_query()}")


def _query() -> str:
    return request.query_string.decode("ascii", "replace")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _facts(conversation: Conversation) -> dict[str, int]:
    return {"commentCount": conversation.count} if conversation.is_counted else {}
