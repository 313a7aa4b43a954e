"""A site with something of everybody in it: two authors, an editor, an owner, and one of each thing they can have."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from homeport.accounts.hashes import hash_of
from homeport.accounts.links import HOUR, INVITATION, RESET, make_link
from homeport.accounts.models import Account, OneTimeLink
from homeport.accounts.permissions import Member, permissions_of
from homeport.accounts.proofs import ApiToken, Passkey, SignIn
from homeport.accounts.signins import PROOF, open_sign_in
from homeport.accounts.tokens import make_token
from homeport.blog.actions import delete_entry
from homeport.blog.sharing import share_entry
from homeport.blog.writing import save_entry
from homeport.comments.models import Block
from homeport.comments.rows import seen_of
from homeport.comments.tokens import CommentTokens
from homeport.jobs.models import Job
from homeport.media.store import DatabaseMediaStore
from homeport.site.actions import add_redirect
from tests.factories.blog import make_draft, make_entry
from tests.factories.comments import make_comment
from tests.factories.media import a_picture
from tests.factories.members import make_account

LATER = datetime(2099, 7, 1, 12, 0, tzinfo=UTC)


@dataclass
class House:
    """Who lives here, by the token of their cookie, and what stands where, by name."""

    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)


def build_house(session: Session, *, secret_key: str = "a key that only tests use") -> House:
    """Build it: `things` of ada and of bob, and what is nobody's, `shared`."""
    house = House()
    members = {name: _member(session, role, name) for name, role in _PEOPLE.items()}
    for name, member in members.items():
        house.tokens[name] = open_sign_in(session, member.account_id, method="password")
    _add_spoiled_sign_ins(session, house, members)
    for name in ("ada", "bob"):
        house.things[name] = _things_of(session, members[name], house.tokens[name])
    house.shared = _shared(session, members, secret_key)
    return house


_PEOPLE = {"ada": "author", "bob": "author", "eve": "editor", "olga": "owner", "gone": "owner"}


def _member(session: Session, role: str, name: str) -> Member:
    account = make_account(session, role, name=name)
    return Member(
        account_id=account.id,
        name=name,
        role=role,
        author_id=account.author_id,
        author_slug=name,
        display_name=name.title(),
        permissions=permissions_of(role),
    )


def _add_spoiled_sign_ins(session: Session, house: House, members: dict[str, Member]) -> None:
    """Add an owner's sign-in that has expired, one whose proof is old, and one of an account that is switched off."""
    olga = members["olga"].account_id
    house.tokens["old proof"] = open_sign_in(session, olga, method="password")
    house.tokens["expired"] = open_sign_in(session, olga, method="password")
    for kind, values in {
        "old proof": {"proved_at": func.now() - PROOF},
        "expired": {"expires_at": func.now()},
    }.items():
        session.execute(update(SignIn).where(SignIn.token_hash == hash_of(house.tokens[kind])).values(values))
    house.tokens["disabled"] = house.tokens.pop("gone")
    session.execute(update(Account).where(Account.name == "gone").values(is_active=False))


def _things_of(session: Session, member: Member, token: str) -> dict[str, Any]:
    by, secret = (member.display_name,), f"Unseen words of {member.name}."
    draft = make_draft(session, title=f"Unseen draft of {member.name}", source=secret, authors=by)
    save_entry(session, member, draft.public_id, {"source": f"{secret} More."}, version=draft.version)
    public = make_entry(session, title=f"Told by {member.name}", authors=by, tags=("House",), series="Letters")
    scheduled = make_entry(session, title=f"Unseen plan of {member.name}", published_at=LATER, authors=by)
    deleted = make_entry(session, title=f"Unseen loss of {member.name}", authors=by)
    delete_entry(session, deleted)
    media = DatabaseMediaStore().put(session, _picture_of(member), f"{member.name}.png", max_bytes=99_999)
    media.account_id = member.account_id
    link = share_entry(session, member, draft.public_id, days=7)
    passkey = Passkey(
        account_id=member.account_id,
        credential_id=member.name.encode(),
        public_key=b"k",
        domain="localhost",
        name="Phone",
    )
    session.add(passkey)
    make_token(session, member, "laptop", ["read"], days=30)
    session.flush()
    comment = make_comment(session, public, state="held", text=f"Unseen comment to {member.name}")
    return {
        "draft": draft.public_id,
        "version": draft.version,
        "public": public.public_id,
        "public_path": public.path,
        "draft_path": draft.path,
        "scheduled_path": scheduled.path,
        "deleted_path": deleted.path,
        "deleted": deleted.public_id,
        "revision": 1,
        "link": link.id,
        "shared": link.token,
        "media": media.id,
        "media_hash": media.hash,
        "comment": comment.public_id,
        "seen": seen_of(comment.writer_name, comment.writer_url, comment.text),
        "draft_entry": draft.id,
        "passkey": passkey.id,
        "sign_in": session.query(SignIn.id).filter(SignIn.token_hash == hash_of(token)).scalar(),
        "api_token": session.query(ApiToken.id).filter(ApiToken.account_id == member.account_id).scalar(),
    }


def _picture_of(member: Member) -> bytes:
    return a_picture(size=(20 + len(member.name), 20 + member.account_id % 100))


def _shared(session: Session, members: dict[str, Member], secret_key: str) -> dict[str, Any]:
    entry = make_entry(session, title="Of the house", authors=("Eve",), tags=("Garden",))
    comment = make_comment(session, entry)
    make_link(session, INVITATION, life=HOUR, role="author", note="Ida")
    session.add_all([Block(kind="email", value="rude@example.org"), Job(kind="mail.send", payload={}, error="refused")])
    session.flush()
    session.execute(update(Job).values(failed_at=func.now()))
    add_redirect(session, "/former", entry_id=entry.id)
    signed = CommentTokens(secret_key)
    return {
        "entry": entry.public_id,
        "shown_path": entry.path,
        "comment": comment.public_id,
        "receipt": signed.for_receipt(comment.public_id),
        "edit": signed.for_edit(comment.public_id),
        "invitation": session.query(OneTimeLink.id).filter(OneTimeLink.purpose == INVITATION).scalar(),
        "join": _token(make_link(session, INVITATION, life=HOUR, role="author")),
        "reset": _token(make_link(session, RESET, life=HOUR, account_id=members["bob"].account_id)),
        "block": session.query(Block.id).scalar(),
        "job": session.query(Job.id).filter(Job.failed_at.is_not(None)).order_by(Job.id).first()[0],
    }


def _token(path: str) -> str:
    return path.rpartition("/")[2]
