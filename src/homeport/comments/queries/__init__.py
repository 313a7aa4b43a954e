"""Every read of comments: for readers, for visitors who write one, and for those who moderate."""

from homeport.comments.queries.conversation import conversation, conversation_of
from homeport.comments.queries.earlier import ConversationPage, find_earlier, find_last_before, find_thread
from homeport.comments.queries.feed import CommentFeed, find_comment_feed
from homeport.comments.queries.queue import (
    IS_LATELY_DECIDED,
    PAGE_SIZE,
    count_by_state,
    find_last_decision,
    find_queued,
    list_blocks,
    list_queue,
)
from homeport.comments.queries.visitor import (
    EDIT_LIFE,
    TITLE,
    find_answered,
    find_commented_entry,
    find_own_comment,
    is_blocked,
    is_known_writer,
    is_used,
)

__all__ = [
    "EDIT_LIFE",
    "IS_LATELY_DECIDED",
    "PAGE_SIZE",
    "TITLE",
    "CommentFeed",
    "ConversationPage",
    "conversation",
    "conversation_of",
    "count_by_state",
    "find_answered",
    "find_comment_feed",
    "find_commented_entry",
    "find_earlier",
    "find_last_before",
    "find_last_decision",
    "find_own_comment",
    "find_queued",
    "find_thread",
    "is_blocked",
    "is_known_writer",
    "is_used",
    "list_blocks",
    "list_queue",
]
