import os

import pytest

from homeport.ops import kernel

NOBODY = 65534

needs_namespaces = pytest.mark.skipif(
    not (kernel.IS_LINUX and kernel.can_enter_user_namespace(NOBODY)), reason="this system allows no user namespaces"
)


@needs_namespaces
def test_in_a_namespace_a_process_is_somebody_else_to_itself_and_the_same_to_the_files(tmp_path, program):
    inside = program(
        """
        import os, sys
        from pathlib import Path
        from homeport.ops import kernel
        kernel.enter_user_namespace(65534)
        Path(sys.argv[1]).write_text("mine")
        print(os.geteuid(), Path(sys.argv[1]).stat().st_uid)
        """,
        tmp_path / "file",
    )
    assert inside.stdout.readline() == "65534 65534\n"
    inside.wait()
    assert (tmp_path / "file").stat().st_uid == os.geteuid()


@needs_namespaces
def test_trying_leaves_this_process_as_it_is():
    before = os.geteuid()
    assert kernel.can_enter_user_namespace(NOBODY)
    assert os.geteuid() == before
