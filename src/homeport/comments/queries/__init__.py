"""Every read of comments; what readers of a page wait for is named here, the rest is imported from where it is."""

from homeport.comments.queries.conversation import conversation, conversation_of
from homeport.comments.queries.earlier import ConversationPage, find_earlier, find_last_before, find_thread

__all__ = [
    "ConversationPage",
    "conversation",
    "conversation_of",
    "find_earlier",
    "find_last_before",
    "find_thread",
]
