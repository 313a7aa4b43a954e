"""What one night comes to, whoever keeps watch: an archive as soon as one is due, and the proof of the newest."""

from datetime import datetime

from homeport.ops.backup.keeping import is_due
from homeport.ops.backup.shelf import Shelf
from homeport.settings import Settings


def make_what_is_due(settings: Settings, now: datetime, failed_at: datetime | None) -> bool:
    """Make an archive if one is due, prove the newest and copy it elsewhere; say whether there was anything to do."""
    newest = next(iter(Shelf(settings.backup.folder).list_archives()), None)
    is_old = is_due(now, newest.made_at if newest else None, failed_at)
    # One that was made by hand, or whose proof has failed hours ago.
    is_unproven = newest is not None and newest.proven_at is None and is_due(now, None, failed_at)
    is_here_alone = (
        newest is not None
        and newest.copied_at is None
        and bool(settings.backup.copy_folder or settings.backup.bucket.name)
        and is_due(now, None, failed_at)
    )
    if not (is_old or is_unproven or is_here_alone):
        return False
    # Neither the application nor a program for dumps is needed before the night.
    from homeport.drill.proving import prove_newest  # noqa: PLC0415 - see above
    from homeport.ops.backup.making import copy_elsewhere, make_archive, source_of  # noqa: PLC0415 - see above

    source = source_of(settings)
    if is_old:
        make_archive(source)
    if is_old or is_unproven:
        prove_newest(source)
    # Last: another place that does not answer must not keep anybody from the proof.
    copy_elsewhere(source)
    return True
