"""Entries whose files have moved in the folder, and entries that were deleted here and are wanted back."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from homeport.blog.actions import rerender
from homeport.blog.models import Entry
from homeport.blog.rendering import ids_referring_to
from homeport.exchange.models import ImportedFile
from homeport.exchange.plan import PlannedPost


def follow_files(session: Session, label: str, moved: Mapping[str, str]) -> None:
    """Note that files are at other paths now; `moved` has the former paths by the new ones."""
    for new, former in moved.items():
        session.execute(delete(ImportedFile).where(ImportedFile.label == label, ImportedFile.path == new))
        session.execute(
            update(ImportedFile).where(ImportedFile.label == label, ImportedFile.path == former).values(path=new)
        )


def bring_back(session: Session, planned: Iterable[PlannedPost]) -> None:
    """Let entries that were deleted here exist again, at the addresses that were planned for them."""
    ids = []
    for each in planned:
        values = {"deleted_at": None, "slug": each.slug, "path": each.address}
        session.execute(update(Entry).where(Entry.id == each.entry_id).values(values))
        ids.append(each.entry_id)
    rerender(session, ids_referring_to(session, [entry_id for entry_id in ids if entry_id]))
