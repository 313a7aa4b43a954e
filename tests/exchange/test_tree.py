import os
from pathlib import Path

import pytest

from homeport.exchange.notices import FileRefusedError
from homeport.exchange.tree import MAX_DEPTH, Tree, printable, walk
from tests.factories.folders import write_folder


def reasons(tree: Tree) -> dict[str, str]:
    return {notice.file: notice.reason for notice in tree.refused}


class TestWalk:
    def test_it_finds_files_in_a_stable_order_and_leaves_out_what_is_hidden(self, tmp_path):
        write_folder(tmp_path, {"b.md": "", "a/c.md": "", ".git/x.md": "", "node_modules/y.md": "", "._b.md": ""})
        assert list(walk(tmp_path).files) == ["b.md", "a/c.md"]

    def test_a_link_to_a_file_in_the_folder_is_followed(self, tmp_path):
        write_folder(tmp_path, {"real.md": "text"})
        (tmp_path / "link.md").symlink_to("real.md")
        assert walk(tmp_path).read("link.md", 100) == b"text"

    def test_a_link_that_leads_out_is_refused(self, tmp_path):
        (tmp_path / "site").mkdir()
        write_folder(tmp_path, {"secret.md": "secret"})
        (tmp_path / "site/link.md").symlink_to("../secret.md")
        tree = walk(tmp_path / "site")
        assert not tree.files
        assert reasons(tree) == {"link.md": "is a link that leads out of the folder"}

    def test_cycles_of_links_end(self, tmp_path):
        (tmp_path / "loop").symlink_to(tmp_path)
        (tmp_path / "one.md").symlink_to("two.md")
        (tmp_path / "two.md").symlink_to("one.md")
        tree = walk(tmp_path)
        assert not tree.files
        assert set(reasons(tree)) == {"loop", "one.md", "two.md"}

    def test_a_fifo_is_refused_without_being_opened(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.md")
        assert reasons(walk(tmp_path)) == {"pipe.md": "is not a regular file"}

    def test_a_link_to_a_device_is_refused(self, tmp_path):
        (tmp_path / "zero.md").symlink_to("/dev/zero")
        assert "zero.md" in reasons(walk(tmp_path))

    def test_a_name_that_is_no_text_is_refused_and_can_be_printed(self, tmp_path):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("x")
        (tmp_path / "red\x1b[31m.md").write_text("x")
        tree = walk(tmp_path)
        assert not tree.files
        assert all(name.isprintable() for name in reasons(tree))

    def test_a_folder_that_is_too_deep_is_refused(self, tmp_path):
        write_folder(tmp_path, {"d/" * (MAX_DEPTH + 2) + "deep.md": ""})
        tree = walk(tmp_path)
        assert not tree.files
        assert len(tree.refused) == 1

    def test_a_folder_that_is_called_like_a_text_is_walked(self, tmp_path):
        write_folder(tmp_path, {"x.md/index.md": ""})
        assert list(walk(tmp_path).files) == ["x.md/index.md"]


class TestRead:
    def test_a_file_that_is_too_large_is_refused(self, tmp_path):
        write_folder(tmp_path, {"a.md": "x" * 101})
        with pytest.raises(FileRefusedError, match="at most"):
            walk(tmp_path).read("a.md", 100)

    def test_a_fifo_that_took_the_place_of_a_file_does_not_hang(self, tmp_path):
        write_folder(tmp_path, {"a.md": "x"})
        tree = walk(tmp_path)
        (tmp_path / "a.md").unlink()
        os.mkfifo(tmp_path / "a.md")
        with pytest.raises(FileRefusedError, match="regular"):
            tree.read("a.md", 100)

    def test_a_file_that_is_gone_is_refused(self, tmp_path):
        write_folder(tmp_path, {"a.md": "x"})
        tree = walk(tmp_path)
        (tmp_path / "a.md").unlink()
        with pytest.raises(FileRefusedError, match="cannot be read"):
            tree.read("a.md", 100)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_without_permission_is_refused(self, tmp_path):
        write_folder(tmp_path, {"a.md": "x"})
        (tmp_path / "a.md").chmod(0)
        with pytest.raises(FileRefusedError, match="cannot be read"):
            walk(tmp_path).read("a.md", 100)


def test_a_path_becomes_printable():
    assert printable("a\nb\udce9") == "a\\x0ab\\udce9"
