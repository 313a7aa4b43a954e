import os

import pytest

from homeport.ops.process import ProcessId
from homeport.ops.tenancy import COMMAND, SITE, OccupiedError, find_tenant, occupy

HOLD = """
    import sys, time
    from pathlib import Path
    from homeport.ops.folder import DataFolder
    from homeport.ops.process import ProcessId
    from homeport.ops.tenancy import SITE, occupy
    import os
    with occupy(DataFolder(Path(sys.argv[1])), SITE) as tenancy:
        tenancy.announce(address="http://localhost:5123/", web_server=ProcessId.of(os.getpid()))
        print("held", flush=True)
        time.sleep(60)
    """


def test_the_second_is_told_who_the_first_is_and_where(folder, program):
    holder = program(HOLD, folder.root)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(OccupiedError) as refusal, occupy(folder, SITE):
        pass
    assert str(holder.pid) in str(refusal.value)
    assert "http://localhost:5123/" in str(refusal.value)
    assert "homeport down" in refusal.value.hint


def test_a_killed_tenant_leaves_the_folder_free_and_tells_what_it_ran(folder, program):
    holder = program(HOLD, folder.root)
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    assert find_tenant(folder) is None
    with occupy(folder, SITE) as tenancy:
        assert tenancy.predecessor is not None
        assert tenancy.predecessor.web_server is not None
        assert tenancy.predecessor.web_server.number == holder.pid


def test_a_tenant_can_be_found_as_long_as_it_is_one(folder):
    with occupy(folder, COMMAND) as tenancy:
        assert find_tenant(folder) == tenancy.tenant
    assert find_tenant(folder) is None


def test_announcing_one_thing_keeps_the_other(folder):
    web_server = ProcessId.of(os.getpid())
    with occupy(folder, SITE) as tenancy:
        tenancy.announce(address="http://localhost:5000/")
        tenancy.announce(web_server=web_server)
        tenant = find_tenant(folder)
    assert tenant is not None
    assert tenant.address == "http://localhost:5000/"
    assert tenant.web_server == web_server


@pytest.mark.parametrize("content", ["", "{", "{}", '{"process": 1}', "[]"])
def test_a_record_that_cannot_be_read_is_none(folder, content):
    (folder.run / "tenant.json").write_text(content)
    assert find_tenant(folder) is None
    with occupy(folder, SITE) as tenancy:
        assert tenancy.predecessor is None


def test_the_folders_are_private(folder):
    assert {path.stat().st_mode & 0o777 for path in (folder.root, folder.run, folder.logs)} == {0o700}
