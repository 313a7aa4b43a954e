"""What one night comes to, whoever keeps watch: an archive as soon as one is due, and the proof of the newest."""

from datetime import datetime

from homeport.ops.backup.keeping import is_due
from homeport.ops.backup.shelf import Shelf
from homeport.settings import Settings


def make_what_is_due(settings: Settings, now: datetime, failed_at: datetime | None) -> bool:
    """Make an archive if one is due, and prove the newest if it is not; say whether there was anything to do."""
    newest = next(iter(Shelf(settings.backup.folder).list_archives()), None)
    is_old = is_due(now, newest.made_at if newest else None, failed_at)
    # One that was made by hand, or whose proof has failed hours ago.
    is_unproven = newest is not None and newest.proven_at is None and is_due(now, None, failed_at)
    if not (is_old or is_unproven):
        return False
    # Neither the application nor a program for dumps is needed before the night.
    from homeport.drill.proving import prove_newest  # noqa: PLC0415 - see above
    from homeport.ops.backup.making import make_backup, source_of  # noqa: PLC0415 - see above

    source = source_of(settings)
    if is_old:
        make_backup(source)
    prove_newest(source)
    return True
