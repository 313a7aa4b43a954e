"""The conversation below an entry, and what the page's head says of it."""

from flask import Blueprint, current_app

from homeport.blog.rows import EntryPage
from homeport.comments.queries import conversation_of
from homeport.comments.rows import Conversation
from homeport.site.rows import SiteCard
from homeport.web.meta import FeedLink
from homeport.web.slots import EntryPart

# Brings the templates to an application that has none of the pages for writing comments.
blueprint = Blueprint("conversation", __name__, template_folder="templates")

COLUMN = "conversation"
FEED_NAME = "comments.atom"


def entry_part(site: SiteCard, entry: EntryPage) -> EntryPart:
    """Return what stands below an entry; nothing where nobody has said anything and nobody may."""
    conversation = conversation_of(site, entry.card.kind, entry.extras[COLUMN])
    if not conversation.count and not conversation.is_open:
        return EntryPart("")
    template = current_app.jinja_env.get_template("comments/conversation.html")
    return EntryPart(
        html=template.render(site=site, entry_id=entry.public_id, conversation=conversation),
        feeds=(FeedLink(f"{entry.card.path}/{FEED_NAME}", f"Comments on {entry.card.heading}"),),
        facts=_facts(conversation),
    )


def _facts(conversation: Conversation) -> dict[str, int]:
    return {"commentCount": conversation.count}
