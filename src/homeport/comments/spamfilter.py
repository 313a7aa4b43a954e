"""Tells spam from ham by the words in it (naive Bayes), learning from the author's own decisions and nothing else."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from homeport.comments.models import SpamWord

EVERYTHING = ""
"""The row that counts comments and not a word."""

MOST_WORDS = 400
TELLING = 20
"""How many of the words that say most are asked: the rest of a long text would drown them."""

LEAST_LESSONS = 5
"""Of each kind; before that the classifier has no opinion."""

LIKELY, SURE = 0.8, 0.98
SHOWN_WORDS = 5

_LINK = re.compile(r"(?:https?:)?//[^\s<>()\[\]\"']+|\bwww\.[^\s<>()\[\]\"']+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]{2,30}")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0e7f]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely a comment is spam, and which of its words say so; None while too little was learned."""

    score: float | None
    words: tuple[str, ...] = ()

    @property
    def is_likely(self) -> bool:
        """Say whether it should not be shown unseen."""
        return self.score is not None and self.score >= LIKELY

    @property
    def is_sure(self) -> bool:
        """Say whether it need not even wait for the author."""
        return self.score is not None and self.score >= SURE


def words_of(text: str, *, name: str = "", url: str = "", email: str = "") -> frozenset[str]:
    """Return what a comment is judged by: its words, where it links to and how often, who says so."""
    links = _LINK.findall(text)
    found = dict.fromkeys(f"link to {host}" for link in [*links, url] if (host := _host(link)))
    found.update(dict.fromkeys([f"{min(len(links), 4)}{'+' if len(links) > 3 else ''} links"]))
    found.update(dict.fromkeys(_named(name)))
    found.update(dict.fromkeys(_mailed_from(email)))
    found.update(dict.fromkeys(_words(_LINK.sub(" ", text))))
    return frozenset(list(found)[:MOST_WORDS])


def names_of(name: str, url: str, email: str) -> frozenset[str]:
    """Return those of a comment's words that say who its writer is."""
    own_site = [f"link to {host}"] if (host := _host(url)) else []
    return frozenset([*own_site, *_named(name), *_mailed_from(email)])


def judge(connection: Connection, words: frozenset[str]) -> Verdict:
    """Return what the author's decisions so far say about such words; one statement."""
    wanted = select(SpamWord.word, SpamWord.spam, SpamWord.ham).where(SpamWord.word.in_([EVERYTHING, *sorted(words)]))
    return weigh({word: (spam, ham) for word, spam, ham in connection.execute(wanted)}, words)


def weigh(counts: Mapping[str, tuple[int, int]], words: Iterable[str]) -> Verdict:
    """Return the verdict that follows from counts of (spam, ham) by word."""
    spams, hams = counts.get(EVERYTHING, (0, 0))
    if min(spams, hams) < LEAST_LESSONS:
        return Verdict(None)
    evidence = {word: _log_odds(counts[word], spams, hams) for word in words if word in counts}
    telling = sorted(evidence.items(), key=lambda item: (-abs(item[1]), item[0]))[:TELLING]
    total = sum(odds for _, odds in telling)
    score = 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
    return Verdict(score, tuple(word for word, odds in telling if odds > 0)[:SHOWN_WORDS])


def learn(session: Session, words: Iterable[str], lesson: str) -> None:
    """Count the words of a comment as "ham" or "spam"."""
    # In one order everywhere, so that two who learn at once do not wait for each other.
    rows = [{"word": word, lesson: 1} for word in sorted({EVERYTHING, *words})]
    adding = insert(SpamWord).values(rows)
    column = getattr(SpamWord, lesson)
    session.execute(adding.on_conflict_do_update(index_elements=["word"], set_={lesson: column + 1}))


def unlearn(session: Session, words: Iterable[str], lesson: str) -> None:
    """Take back what `learn` counted."""
    _take_back(session, {EVERYTHING, *words}, lesson)


def forget_names(session: Session, names: Iterable[str], lesson: str) -> None:
    """Take back what `learn` counted under these words alone: the comment itself stays a lesson."""
    _take_back(session, set(names), lesson)


def _take_back(session: Session, words: set[str], lesson: str) -> None:
    column, chosen = getattr(SpamWord, lesson), sorted(words)
    locked = select(SpamWord.word).where(SpamWord.word.in_(chosen)).order_by(SpamWord.word).with_for_update()
    session.execute(locked)
    session.execute(update(SpamWord).where(SpamWord.word.in_(chosen)).values({lesson: func.greatest(column - 1, 0)}))


def _log_odds(count: tuple[int, int], spams: int, hams: int) -> float:
    """Return how far a word speaks for spam; a word seen once or twice speaks softly (Robinson's correction)."""
    spam, ham = count[0] / spams, count[1] / hams
    seen = count[0] + count[1]
    if not seen:
        return 0.0
    share = (0.5 + seen * spam / (spam + ham)) / (1 + seen)
    return math.log(share / (1 - share))


def _named(name: str) -> list[str]:
    return [f"by {word}" for word in _words(name)]


def _mailed_from(email: str) -> list[str]:
    return [f"mail from {email.rpartition('@')[2].casefold()[:60]}"] if "@" in email else []


def _words(text: str) -> list[str]:
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        if _UNSPACED.search(word):
            found += (word[place : place + 2] for place in range(len(word) - 1))
        else:
            found.append(word)
    return found


def _host(link: str) -> str:
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")[:80]
