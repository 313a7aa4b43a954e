"""What a command knows about the installation it works on: its folder, its environment, its settings."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import click

import homeport
from homeport.ops.folder import DataFolder
from homeport.settings import Settings


@dataclass
class Installation:
    """The installation that the options and the environment name."""

    data: Path | None = None
    is_verbose: bool = False
    site: str = ""
    """The address of a site elsewhere, if that is what the command is about."""

    outside: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @cached_property
    def environment(self) -> dict[str, str]:
        """The environment with `.env` beneath it and the data folder in it."""
        environment = {**_read_env_file(project_folder() / ".env"), **self.outside}
        # The key to a site elsewhere is no setting of this one.
        environment.pop("HOMEPORT_TOKEN", None)
        if self.data is not None:
            environment["DATA_DIR"] = str(self.data.absolute())
        environment.setdefault("DATA_DIR", str(project_folder() / "data"))
        return environment

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises SettingsError with all that is wrong with them."""
        return Settings.from_env(self.environment)

    @property
    def folder(self) -> DataFolder:
        """The data folder."""
        return DataFolder(self.settings.paths.data)


def current() -> Installation:
    """Return the installation of the command under way."""
    installation = click.get_current_context().find_root().find_object(Installation)
    assert installation is not None
    return installation


def project_folder() -> Path:
    """Return the checkout that this code is part of; where it is installed as a package, the current folder."""
    checkout = Path(homeport.__file__).parent.parent.parent
    return checkout if (checkout / "bin" / "homeport").exists() else Path.cwd()


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    # Most installations have no such file, and every start would pay for the import.
    from dotenv import dotenv_values  # noqa: PLC0415

    return {name: value for name, value in dotenv_values(path).items() if value is not None}
