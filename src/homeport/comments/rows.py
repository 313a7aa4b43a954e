"""What pages show of comments: plain values, fully loaded, without anything that only the author may know."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as readers see it; `author_path` is set when somebody who writes here has written it."""

    public_id: str
    name: str
    url: str
    html: str
    created_at: datetime
    edited_at: datetime | None = None
    author_path: str = ""
    replies: tuple["ShownComment", ...] = ()
    has_more: bool = False
    """Whether there are more answers than `replies`."""

    @property
    def is_edited(self) -> bool:
        """Say whether it read otherwise once."""
        return self.edited_at is not None

    @property
    def updated_at(self) -> datetime:
        """Return when its present words were written."""
        return self.edited_at or self.created_at

    @property
    def anchor(self) -> str:
        """Return the id of the comment on its page."""
        return anchor_of(self.public_id)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was answered to an entry, the oldest first, and whether more may come.

    Of a long one these are the newest threads; the others come before `earlier`. What is not `is_counted` is `count`
    or more.
    """

    comments: tuple[ShownComment, ...]
    count: int
    is_open: bool
    is_counted: bool = True
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class CommentedEntry:
    """As much of an entry as a comment needs to know; `author_ids` are those whose entry it is."""

    id: int
    public_id: UUID
    path: str
    title: str
    kind: str
    comments_open: bool | None
    age_days: int
    author_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment as its writer gets it back; it can be edited while `is_fresh`."""

    public_id: UUID
    state: str
    name: str
    email: str
    url: str
    text: str
    html: str
    created_at: datetime
    is_fresh: bool
    entry_public_id: UUID
    entry_path: str
    entry_title: str
    thread: UUID | None = None
    is_in_long_conversation: bool = False

    @property
    def path(self) -> str:
        """Return where readers find it: an answer in a long conversation need not be on its entry's page."""
        is_apart = self.thread is not None and self.is_in_long_conversation
        return path_of_comment(self.entry_path, self.public_id, self.thread, is_apart=is_apart)

    @property
    def is_shown(self) -> bool:
        """Say whether readers see it."""
        return self.state == "shown"

    @property
    def anchor(self) -> str:
        """Return the id of the comment on its page."""
        return anchor_of(str(self.public_id))


def path_of_comment(entry_path: str, public_id: object, thread: object, *, is_apart: bool) -> str:
    """Return where readers find a comment; one that stands `apart` from its entry's page is on that of its thread."""
    anchor = anchor_of(str(public_id))
    if not is_apart:
        return f"{entry_path}#{anchor}"
    # Which page of the thread an answer is on is found when somebody comes for it.
    answer = f"&answer={public_id}" if str(public_id) != str(thread) else ""
    return f"{entry_path.rstrip('/')}/comments?thread={thread}{answer}#{anchor}"


def anchor_of(public_id: str) -> str:
    """Return the id that a comment has on its entry's page."""
    return f"comment-{public_id[:8]}"


def seen_of(name: str, url: str, text: str) -> str:
    """Return what tells these words of a comment from any other that it may say later."""
    return hashlib.sha256(f"{name}\x00{url}\x00{text}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class QueuedComment:
    """A comment as those who moderate see it: with the mail address, and why it is where it is."""

    public_id: UUID
    state: str
    name: str
    email: str
    url: str
    text: str
    html: str
    created_at: datetime
    edited_at: datetime | None
    because: str
    spam_score: float | None
    is_by_author: bool
    has_address: bool
    entry_public_id: UUID
    entry_path: str | None
    entry_title: str
    answers: str
    thread: UUID
    is_apart: bool

    @property
    def path(self) -> str | None:
        """Return where readers find it, or its entry while they do not see it; None when neither is to be seen."""
        if self.state != "shown" or self.entry_path is None:
            return self.entry_path
        return path_of_comment(self.entry_path, self.public_id, self.thread, is_apart=self.is_apart)

    @property
    def is_recognisable(self) -> bool:
        """Say whether its writer left anything to be blocked by."""
        return not self.is_by_author and bool(self.email or self.url or self.has_address)

    @property
    def seen(self) -> str:
        """Return what a decision carries, so that it is about these words and no later ones."""
        return seen_of(self.name, self.url, self.text)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided last: the state that so many comments got at once, among them perhaps a reply of one's own."""

    state: str
    count: int
    is_reply: bool = False
