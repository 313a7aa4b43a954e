"""Sites in databases of their own."""

from tests.ops.backup.conftest import site, written_site

__all__ = ["site", "written_site"]
