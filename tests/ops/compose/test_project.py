from homeport.ops.compose.project import Project


def test_the_compose_file_is_the_one_that_compose_would_take(tmp_path):
    project = Project(tmp_path)
    assert project.compose_file == tmp_path / "compose.yaml"
    (tmp_path / "docker-compose.yml").touch()
    assert project.compose_file == tmp_path / "docker-compose.yml"
    (tmp_path / "compose.yml").touch()
    assert project.compose_file == tmp_path / "compose.yml"
