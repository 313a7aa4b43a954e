"""What the site needs around it: room on the disk, a backup, a mail server, a proxy that it knows."""

import ipaddress
import os
import smtplib
import ssl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from homeport.ops.doctor.findings import Finding, NotApplicableError
from homeport.ops.doctor.patient import Patient
from homeport.ops.lastbackup import last_backup

LEAST_SHARE = 0.1
LEAST_BYTES = 512 * 1024 * 1024
LONGEST_WITHOUT_BACKUP_SECONDS = 36 * 3600.0
LONGEST_WITHOUT_PROOF_SECONDS = 8 * 24 * 3600.0
LONGEST_WITHOUT_LOG_SECONDS = 600.0
LONGEST_WITHOUT_PROOF_OF_LOG_SECONDS = 3 * 24 * 3600.0
MAIL_SECONDS = 5.0


def look_at_disks(patient: Patient) -> Iterator[Finding]:
    """There has to be room for what comes, in bytes and in files."""
    paths = patient.settings.paths
    folders = {folder.stat().st_dev: folder for folder in (paths.cache, paths.data) if folder.exists()}
    if not folders:
        raise NotApplicableError("there is no data folder here")
    for folder in folders.values():
        yield from _disk(folder)


def _disk(folder: Path) -> Iterator[Finding]:
    room = os.statvfs(folder)
    free, whole = room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize
    why = "A full disk ends every write: first mail and pictures, then the database."
    if free < min(LEAST_BYTES, whole * LEAST_SHARE):
        remedy = "See docs/operations.md, `The disk is full`; the cache folder may be emptied at any time."
        yield Finding(f"{folder} has {free // 2**20:,} MiB left of {whole // 2**20:,}", why, remedy)
    # Some file systems have no fixed number of files, and say so with zero.
    if room.f_files and room.f_favail < room.f_files * LEAST_SHARE:
        yield Finding(
            f"{folder} has room for {room.f_favail:,} more files of {room.f_files:,}",
            why,
            "Find the folder with the many small files (`du --inodes`); the cache may be emptied at any time.",
        )


def look_at_backup(patient: Patient) -> Iterator[Finding]:
    """There has to be a backup that is young, and one that was proven by restoring it."""
    remedy = "Make one with `homeport backup`; why the nightly one failed says `homeport jobs list`, or BACKUPS is off."
    last = last_backup(patient.archives, patient.notes)
    if last.failed_at is not None:
        yield Finding(f"the last backup has failed: {last.failure}", "Until it works, the loss grows.", remedy)
    kept_at = last.log_safe_at
    if kept_at is not None and (patient.now - kept_at).total_seconds() > LONGEST_WITHOUT_LOG_SECONDS:
        yield Finding(
            f"the database's log has not been kept since {kept_at:%Y-%m-%d %H:%M} UTC",
            "A loss costs what was written since the last backup, and not two minutes.",
            "`docker compose logs --tail 20 backup` says why.",
        )
    if kept_at is not None:
        yield from _proof_of_log(last.log_proven_at, patient.now)
    if last.made_at is None:
        yield Finding("there is no backup", "A lost disk is a lost site.", remedy)
        return
    age = (patient.now - last.made_at).total_seconds()
    if age > LONGEST_WITHOUT_BACKUP_SECONDS:
        yield Finding(f"the newest backup is {age / 3600:.0f} hours old", "All since then would be lost.", remedy)
    proven = last.proven_at
    if proven is None or (patient.now - proven).total_seconds() > LONGEST_WITHOUT_PROOF_SECONDS:
        yield Finding(
            f"no backup was proven restorable {f'since {proven:%Y-%m-%d}' if proven else 'so far'}",
            "A backup that nobody has restored is a hope.",
            "Restore it beside the site with `homeport backup prove`, which says what is wrong with it.",
        )


def _proof_of_log(proven_at: datetime | None, now: datetime) -> Iterator[Finding]:
    if proven_at is None or (now - proven_at).total_seconds() > LONGEST_WITHOUT_PROOF_OF_LOG_SECONDS:
        yield Finding(
            "no server has started on the database's log "
            f"{f'since {proven_at:%Y-%m-%d}' if proven_at else 'so far'}, to prove it",
            "A log that nobody has read to its end is a hope.",
            "`docker compose ps proof` shows who does it; a stack without this service needs the newer compose.yaml.",
        )


def look_at_mail(patient: Patient) -> Iterator[Finding]:
    """The mail server has to answer; nothing is sent, and nobody signs in."""
    mail = patient.settings.mail
    if not mail.host:
        if patient.outside is None:
            raise NotApplicableError("no mail server is set (SMTP_HOST), and nobody but you is here")
        yield Finding(
            "no mail server is set",
            "Nobody is told of comments, and who has lost a password gets no link.",
            "Set SMTP_HOST, SMTP_USER, SMTP_PASSWORD and MAIL_FROM.",
        )
        return
    try:
        _greet(mail.host, mail.port, mail.security)
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            f"the mail server {mail.host} port {mail.port} does not answer as it should: {str(error).lower()}",
            "Mail waits, and is given up after some days.",
            "Check SMTP_HOST, SMTP_PORT and SMTP_SECURITY, and whether this network may reach that port.",
        )


def _greet(host: str, port: int, security: str) -> None:
    context = ssl.create_default_context()
    if security == "tls":
        with smtplib.SMTP_SSL(host, port, timeout=MAIL_SECONDS, context=context) as server:
            server.ehlo()
        return
    with smtplib.SMTP(host, port, timeout=MAIL_SECONDS) as server:
        server.ehlo()
        if security == "starttls":
            server.starttls(context=context)


def look_at_trust(patient: Patient) -> Iterator[Finding]:
    """Behind a proxy the site has to know it, and must not take all the world for one."""
    proxies = patient.settings.trusted_proxies
    if patient.public.scheme != "https" and not proxies:
        raise NotApplicableError("the site's address has no TLS, so it may have no proxy")
    if not proxies:
        yield Finding(
            "TRUSTED_PROXIES is not set, although the site's address begins with https://",
            "All readers seem to come from the proxy: one who is blocked blocks everybody, or limits are off.",
            "Set TRUSTED_PROXIES to the proxy's name or network, for example nginx-proxy-manager.",
        )
    for proxy in filter(_is_everybody, proxies):
        yield Finding(
            f"TRUSTED_PROXIES has {proxy}, which is nearly everybody",
            "Whoever reaches the web server can say where he comes from, and is believed.",
            "Name the proxy, or the one network that it is in.",
        )


def _is_everybody(proxy: str) -> bool:
    try:
        network = ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        return False
    return network.num_addresses > 1 and not network.is_private
