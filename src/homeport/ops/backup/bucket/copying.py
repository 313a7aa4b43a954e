"""Copies archives into a bucket, keeps them there by the same rule, and brings one back."""

from pathlib import Path

from homeport.ops.backup.bucket.store import Bucket
from homeport.ops.backup.catalogue import NAME, Archive, read_catalogue, write_catalogue
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.keeping import choose_kept
from homeport.ops.backup.shelf import CATALOGUE, Shelf


def copy_to_bucket(shelf: Shelf, bucket: Bucket) -> None:
    """Copy what is not in the bucket yet, then delete what was copied there and the rule no longer keeps.

    Raises BackupFailedError. As on the shelf, a catalogue beside the archives says what is ours to delete.
    """
    copies = list_copies(bucket)
    there = {archive.name for archive in copies}
    for archive in shelf.list_archives():
        if archive.name not in there:
            # Listed first: a copy whose listing was lost would stay for ever.
            copies = (*copies, archive)
            bucket.put(CATALOGUE, write_catalogue(copies).encode())
            bucket.put_file(archive.name, shelf.path_of(archive))
    kept = choose_kept(archive.made_at for archive in copies)
    outdated = [archive for archive in copies if archive.made_at not in kept]
    for archive in outdated:
        bucket.delete(archive.name)
    if outdated:
        staying = [archive for archive in copies if archive.made_at in kept]
        bucket.put(CATALOGUE, write_catalogue(staying).encode())


def list_copies(bucket: Bucket) -> tuple[Archive, ...]:
    """Return the archives that were copied into the bucket and are there whole, the newest first."""
    sizes = _sizes(bucket)
    return tuple(archive for archive in _noted(bucket) if sizes.get(archive.name) == archive.size_bytes)


def name_of_newest(bucket: Bucket) -> str:
    """Return the name of the newest archive there, as the catalogue says; without one the names have to do.

    Raises BackupFailedError when there is none, and when the newest is not there whole: whoever wants to go further
    back than that has to say so.
    """
    sizes, noted = _sizes(bucket), _noted(bucket)
    if not noted:
        # Their names begin with the moment at which they were made.
        named = sorted(name for name in sizes if NAME.fullmatch(name))
        if not named:
            raise BackupFailedError(
                f"there is no archive in {bucket.address}", hint="Check BACKUP_BUCKET and BACKUP_BUCKET_PREFIX."
            )
        return named[-1]
    newest, size_bytes = noted[0], sizes.get(noted[0].name)
    if size_bytes == newest.size_bytes:
        return newest.name
    found = "is not there" if size_bytes is None else f"has {size_bytes:,} bytes instead of {newest.size_bytes:,}"
    whole = next((archive.name for archive in noted if sizes.get(archive.name) == archive.size_bytes), "")
    raise BackupFailedError(
        f"the newest archive in {bucket.address}, {newest.name}, {found}",
        hint=f"The newest that is whole: {bucket.address}{whole}" if whole else "No other one is whole, either.",
    )


def bring_back(bucket: Bucket, name: str, folder: Path) -> Path:
    """Write the archive of this name into a file in the folder; raises BackupFailedError when there is none."""
    for listed in bucket.list():
        if listed.name == name:
            bucket.get_file(listed, folder / name)
            return folder / name
    raise BackupFailedError(
        f"there is no {name} in {bucket.address}", hint="Look what there is: homeport backup list --bucket"
    )


def _sizes(bucket: Bucket) -> dict[str, int]:
    return {listed.name: listed.size_bytes for listed in bucket.list()}


def _noted(bucket: Bucket) -> list[Archive]:
    """Return what was copied there, the newest first, whether it is still there or not."""
    noted = read_catalogue((bucket.get(CATALOGUE) or b"").decode("utf-8", errors="replace"))
    return sorted(noted, key=lambda archive: archive.made_at, reverse=True)
