"""What one night comes to, whoever keeps watch: an archive as soon as one is due, the proof of it, and of the log."""

from datetime import datetime

from homeport.ops.backup.keeping import is_due
from homeport.ops.backup.shelf import Shelf
from homeport.settings import Settings


def make_what_is_due(settings: Settings, now: datetime, failed_at: datetime | None) -> bool:
    """Do for the archives and for the log what is due; say whether there was anything to do."""
    has_made = _make_archive_if_due(settings, now, failed_at)
    return _prove_log_if_due(settings, now, failed_at) or has_made


def _make_archive_if_due(settings: Settings, now: datetime, failed_at: datetime | None) -> bool:
    """Make an archive if one is due, prove the newest and copy it elsewhere."""
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


def _prove_log_if_due(settings: Settings, now: datetime, failed_at: datetime | None) -> bool:
    """Have a server started on the newest base backup and the log after it, where there is somebody who can."""
    if not settings.backup.has_log:
        return False
    from homeport.drill.logproof import can_prove, log_proven_at, prove_log  # noqa: PLC0415 - see above

    if not is_due(now, log_proven_at(settings), failed_at) or not can_prove(settings):
        return False
    prove_log(settings)
    return True
