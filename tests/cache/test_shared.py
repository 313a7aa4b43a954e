import os

from homeport.cache.shared import SharedRevision


def test_the_newest_revision_counts():
    shared = SharedRevision()
    shared.tell(7)
    shared.tell(5)
    assert shared.get() == 7


def test_what_another_process_tells_is_known_here():
    shared = SharedRevision()
    shared.tell(3)
    child = os.fork()
    if child == 0:
        shared.tell(9)
        os._exit(0)
    os.waitpid(child, 0)
    assert shared.get() == 9


def test_two_processes_take_nothing_back_from_each_other():
    shared = SharedRevision()
    shared.tell(9)
    child = os.fork()
    if child == 0:
        shared.tell(4)
        os._exit(0)
    os.waitpid(child, 0)
    assert shared.get() == 9


def test_only_the_notice_of_a_raised_revision_is_heeded():
    shared = SharedRevision()
    shared.heed(["NOTICE:  table already exists\n", "NOTICE:  homeport content 12\n"])
    assert shared.get() == 12


def test_an_older_database_begins_at_its_own_revision():
    shared = SharedRevision()
    shared.tell(12)
    shared.forget()
    shared.tell(2)
    assert shared.get() == 2
