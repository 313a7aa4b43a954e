"""Copies archives into a bucket, keeps them there by the same rule, and brings one back."""

from pathlib import Path

from homeport.ops.backup.bucket.store import Bucket
from homeport.ops.backup.catalogue import Archive, read_catalogue, write_catalogue
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
    sizes = {listed.name: listed.size_bytes for listed in bucket.list()}
    noted = read_catalogue((bucket.get(CATALOGUE) or b"").decode("utf-8", errors="replace"))
    found = [archive for archive in noted if sizes.get(archive.name) == archive.size_bytes]
    return tuple(sorted(found, key=lambda archive: archive.made_at, reverse=True))


def bring_back(bucket: Bucket, name: str, folder: Path) -> Path:
    """Write the archive of this name into a file in the folder; raises BackupFailedError when there is none."""
    for listed in bucket.list():
        if listed.name == name:
            bucket.get_file(listed, folder / name)
            return folder / name
    raise BackupFailedError(
        f"there is no {name} in {bucket.address}", hint="Look what there is: homeport backup list --bucket"
    )
