"""Where the archive is that somebody wants: a file, one in the folder of archives, or one in the bucket."""

from pathlib import Path

from homeport.errors import InvalidError, NotFoundError
from homeport.ops.backup.bucket.copying import bring_back, name_of_newest
from homeport.ops.backup.bucket.store import Bucket, bucket_of
from homeport.ops.backup.making import room_in
from homeport.ops.backup.shelf import Shelf
from homeport.settings import Settings

SCHEME = "s3://"
FETCHED = "fetched-"


def find_archive(named: str, settings: Settings) -> Path:
    """Return the file of an archive; one in the bucket is fetched into the folder of archives first.

    Raises NotFoundError, InvalidError and BackupFailedError.
    """
    shelf = Shelf(settings.backup.folder)
    if not named.startswith(SCHEME):
        for path in (Path(named), shelf.folder / named):
            if path.is_file():
                return path
    bucket = bucket_of(settings.backup.bucket, settings.paths.data)
    if bucket is None:
        raise NotFoundError(
            f"there is no archive {named}", hint="Name a file, or set BACKUP_BUCKET for one in a bucket."
        )
    name = named.removeprefix(bucket.address)
    if "/" in name:
        raise InvalidError(f"{named} is not in {bucket.address}", hint="Correct BACKUP_BUCKET or BACKUP_BUCKET_PREFIX.")
    return _fetch(bucket, name, shelf)


def fetch_newest(settings: Settings) -> Path:
    """Fetch the newest archive in the bucket into the folder of archives.

    Raises NotFoundError and BackupFailedError.
    """
    bucket = bucket_of(settings.backup.bucket, settings.paths.data)
    if bucket is None:
        raise NotFoundError("there is no bucket", hint="Set BACKUP_BUCKET and what belongs to it (docs/backup.md).")
    return _fetch(bucket, name_of_newest(bucket), Shelf(settings.backup.folder))


def _fetch(bucket: Bucket, name: str, shelf: Shelf) -> Path:
    with shelf.held(), room_in(shelf.folder), shelf.workshop() as workshop:
        place = shelf.folder / name
        if place.exists():
            # Which of the two is damaged, if one is, shows only when they are opened.
            place = shelf.folder / f"{FETCHED}{name}"
        return bring_back(bucket, name, workshop).rename(place)
