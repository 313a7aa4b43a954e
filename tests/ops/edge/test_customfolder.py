"""Our lines in a file that may have others."""

from homeport.ops.edge.customfolder import CustomFolder


def test_what_was_written_is_read(tmp_path):
    folder = CustomFolder(tmp_path)
    assert folder.is_writable
    assert folder.zone() is None
    folder.write_zone("proxy_cache_path x;")
    assert folder.zone() == "proxy_cache_path x;"
    assert (tmp_path / "http_top.conf").stat().st_mode & 0o777 == 0o644


def test_what_others_wrote_stays(tmp_path):
    (tmp_path / "http_top.conf").write_text("map $a $b { default 1; }\n")
    folder = CustomFolder(tmp_path)
    folder.write_zone("one;")
    folder.write_zone("two;")
    assert (tmp_path / "http_top.conf").read_text().startswith("map $a $b { default 1; }\n# homeport: begin")
    assert folder.zone() == "two;"


def test_certbots_log_is_read_where_the_whole_volume_is_mounted(tmp_path):
    (tmp_path / "nginx" / "custom").mkdir(parents=True)
    folder = CustomFolder(tmp_path / "nginx" / "custom")
    assert folder.certbot_log() == ""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "letsencrypt.log").write_text("old\n" * 50_000 + "  Detail: the end\n")
    assert folder.certbot_log().endswith("  Detail: the end\n")
    assert len(folder.certbot_log()) == 64 * 1024
    assert CustomFolder(None).certbot_log() == ""


def test_a_folder_that_is_not_there_or_not_declared_has_nothing(tmp_path):
    for folder in (CustomFolder(None), CustomFolder(tmp_path / "missing")):
        assert not folder.is_writable
        assert folder.zone() is None
