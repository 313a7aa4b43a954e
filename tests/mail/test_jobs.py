import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from sqlalchemy import func, update

from homeport.handlers import REGISTRY
from homeport.jobs.doing import Doer
from homeport.jobs.models import Job
from homeport.jobs.queries import list_failed_jobs
from homeport.mail.errors import MailDelayedError
from homeport.mail.jobs import send
from homeport.mail.queue import send_later
from homeport.ops.process import wait_until
from tests.factories.jobs import waiting_jobs
from tests.factories.mail import a_mail_server


def write(database, settings):
    with database.transaction() as session:
        assert send_later(session, settings, to="ada@example.org", subject="Hello", text="Hi.\n")


def test_a_mail_leaves_with_the_next_job(jobs, settings):
    with a_mail_server() as server:
        on = settings.replace(mail=server.settings)
        write(jobs, on)
        assert Doer(jobs, on, REGISTRY).do_next()
    assert [mail["To"] for mail in server.mails] == ["ada@example.org"]
    assert waiting_jobs(jobs) == []


def test_a_refused_mail_is_a_dead_letter_and_a_delayed_one_waits(jobs, settings):
    with a_mail_server(to_recipient="550 nobody lives here") as server:
        on = settings.replace(mail=server.settings)
        write(jobs, on)
        Doer(jobs, on, REGISTRY).do_next()
        with jobs.reader() as connection:
            assert "nobody lives here" in list_failed_jobs(connection)[0].error
        server.to_recipient = "451 later"
        write(jobs, on)
        Doer(jobs, on, REGISTRY).do_next()
    assert [job.attempts for job in waiting_jobs(jobs)] == [1]


def test_without_a_server_a_mail_waits_for_one(settings, database):
    with pytest.raises(MailDelayedError, match="no mail server"):
        send(database, settings, {})


SENDER = """
    import sys
    from homeport.handlers import REGISTRY
    from homeport.db.session import Database
    from homeport.jobs.doing import Doer
    from homeport.settings import Settings

    settings = Settings.from_env({"SMTP_HOST": "127.0.0.1", "SMTP_PORT": sys.argv[2], "SMTP_SECURITY": "none",
                                  "MAIL_FROM": "blog@example.org"})
    print("begins", flush=True)
    Doer(Database(sys.argv[1]), settings, REGISTRY).do_next()
    """


@pytest.mark.stack
def test_a_mail_whose_worker_was_killed_in_the_middle_goes_out_and_is_recognised(jobs, database_uri, settings):
    with a_mail_server(to_data="silence") as server:
        on = settings.replace(mail=server.settings)
        write(jobs, on)
        [before] = waiting_jobs(jobs)
        command = [sys.executable, "-c", textwrap.dedent(SENDER), database_uri, str(server.settings.port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            assert wait_until(lambda: waiting_jobs(jobs)[0].attempts == 1, 20)
            time.sleep(0.3)
            os.kill(child.pid, signal.SIGKILL)
        server.to_data = "250 OK"
        with jobs.transaction() as session:
            session.execute(update(Job).values(run_at=func.now()))
        assert wait_until(lambda: Doer(jobs, on, REGISTRY).do_next() and waiting_jobs(jobs) == [], 10)
    assert [mail["Message-ID"] for mail in server.mails] == [before.payload["message_id"]]
