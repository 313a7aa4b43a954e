"""A folder of a stack that a test may spoil."""

from pathlib import Path

import pytest
import yaml

from homeport.ops.compose.creation import create_project
from homeport.ops.compose.document import Document, read_document
from homeport.ops.compose.project import Project

CHECKOUT = Path(__file__).parents[3]


class Folder(Project):
    """One stack, as `stack init` makes it."""

    def read(self, **outside: str) -> Document:
        return read_document(self, outside)

    def declare(self, text: str) -> Document:
        """Write another compose file and read it."""
        self.compose_file.write_text(text, encoding="utf-8")
        return self.read()

    def change(self, service: str, **changes: object) -> Document:
        """Change keys of one service and read the file again; None removes one."""
        whole = yaml.safe_load(self.compose_file.read_text(encoding="utf-8"))
        declared = {**whole["services"][service], **changes}
        whole["services"][service] = {key: value for key, value in declared.items() if value is not None}
        return self.declare(yaml.safe_dump(whole))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "stack")
    create_project(folder, CHECKOUT, site_url="https://example.org", email="me@example.org")
    return folder
