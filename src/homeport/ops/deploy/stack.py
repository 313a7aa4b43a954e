"""The running stack as a deploy sees it: services, containers and images, all through Docker's own command."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeport.errors import InvalidError, UnavailableError

SITE = "flask-blog"
PROOF = "proof"
"""It runs a script of ours in the database's image, and a release may be the first that has it."""
LOG_LINES = "30"
# Whoever uses the site's image with others of its kind is a service of ours; a profile is started by hand alone.
_ASK_HOME = (
    "import urllib.request as r, urllib.error as e\n"
    "try: print(r.urlopen('http://127.0.0.1:5000/', timeout=20).status)\n"
    "except e.HTTPError as answer: print(answer.code)"
)


class DockerFailedError(UnavailableError):
    """Docker has refused or could not do something."""


@dataclass(frozen=True, slots=True)
class Container:
    """One container of the site."""

    number: str
    image: str
    health: str
    restarts: int
    is_running: bool


@dataclass(frozen=True)
class Stack:
    """The stack of one folder; raises DockerFailedError wherever Docker fails."""

    folder: Path

    def image(self) -> str:
        """Return the name of the site's image; raises InvalidError for one that cannot be given to another."""
        name = str(self._services()[SITE]["image"])
        if "@" in name:
            raise InvalidError(
                f"{name} means one image for ever",
                hint="Name a tag in SITE_IMAGE; a deploy gives it to the new image, and back if that fails.",
            )
        return name

    def companions(self) -> list[str]:
        """Return the other services that run the site's image, and the one that the backup among them waits for."""
        services, image = self._services(), self.image()
        return [
            name
            for name, service in services.items()
            if name != SITE and (service.get("image") == image or name == PROOF) and not service.get("profiles")
        ]

    def containers(self) -> list[Container]:
        """Return the site's containers, the oldest first."""
        numbers = self._compose("ps", "--all", "--quiet", SITE).split()
        found = json.loads(_docker("inspect", *numbers)) if numbers else []
        return [_container(each) for each in sorted(found, key=lambda each: str(each["Created"]))]

    def build(self) -> None:
        """Build the image from the checkout."""
        self._compose("build", SITE)

    def pull(self) -> None:
        """Fetch the image under its name."""
        self._compose("pull", SITE)

    def tag(self, image: str, name: str) -> None:
        """Give an image a name."""
        _docker("image", "tag", image, name)

    def release_of(self, container: Container) -> str:
        """Return the release that runs in a container."""
        return _docker("exec", container.number, "homeport", "--version").split()[-1]

    def check_schema(self, release: str) -> None:
        """Let the new image say whether a release can live with its migrations."""
        self._compose("run", "--rm", "--no-deps", "-T", "jobs", "homeport", "migrate", "--beside", release)

    def add_replica(self) -> None:
        """Make one more container of the site, from the image that has the name now; not started."""
        self._compose("up", "--no-start", "--no-deps", "--no-recreate", "--scale", f"{SITE}=2", SITE)

    def start_hidden(self, container: Container) -> None:
        """Start a container on all its networks, but without the name by which the proxy asks for the site."""
        self._join(container)
        _docker("start", container.number)

    def show(self, container: Container) -> None:
        """Let the proxy find a container."""
        self._join(container, "--alias", SITE)

    def ask_home_page(self, container: Container) -> int:
        """Return the status of the home page, asked in the container itself."""
        return int(_docker("exec", container.number, "python", "-c", _ASK_HOME))

    def last_words(self, container: Container) -> str:
        """Return what a container has said last."""
        return _docker("logs", "--tail", LOG_LINES, container.number, both=True)

    def retire(self, container: Container) -> None:
        """Let a container finish what it has begun, as long as its compose file allows, and remove it."""
        _docker("stop", container.number)
        _docker("rm", "--force", container.number)

    def renew(self, services: Sequence[str]) -> None:
        """Start services anew, from the image that has the name now."""
        self._compose("up", "--detach", "--no-deps", *services)

    def _join(self, container: Container, *options: str) -> None:
        """Let a container join anew the networks on which somebody is whom the internet reaches."""
        config = self._config()
        services = config["services"].values()
        public = {name for service in services if service.get("ports") for name in service["networks"]}
        for name in sorted(public & set(config["services"][SITE]["networks"])):
            network = config["networks"][name]["name"]
            _docker("network", "disconnect", network, container.number)
            _docker("network", "connect", *options, network, container.number)

    def _services(self) -> Mapping[str, Any]:
        services: dict[str, Any] = self._config()["services"]
        if SITE not in services:
            raise InvalidError(f"the compose file in {self.folder} has no service {SITE}")
        return services

    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = json.loads(self._compose("--profile", "*", "config", "--format", "json"))
        return config

    def _compose(self, *arguments: str) -> str:
        return _docker("compose", "--project-directory", str(self.folder), *arguments)


def _container(found: Mapping[str, Any]) -> Container:
    state = found["State"]
    health = str(state.get("Health", {}).get("Status", ""))
    return Container(found["Id"], found["Image"], health, found["RestartCount"], state["Status"] == "running")


def _docker(*arguments: str, both: bool = False) -> str:
    try:
        result = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise DockerFailedError("there is no `docker` on this machine") from None
    if result.returncode != 0:
        raise DockerFailedError(_reason(result.stderr or result.stdout))
    return result.stdout + (result.stderr if both else "")


def _reason(said: str) -> str:
    """Return our own words, if a command of ours in a container has failed, else Docker's last ones."""
    _, found, ours = f"\n{said.strip()}".rpartition("\nerror: ")
    return " ".join(ours.splitlines()) if found else said.strip().rpartition("\n")[2]
