"""The steps of a deploy in their order, and the way back from each."""

from dataclasses import replace

import pytest

from homeport.errors import ConflictError
from homeport.ops.deploy.rollout import DeployFailedError, Times, deploy, former_of
from homeport.ops.deploy.stack import Container, DockerFailedError

OLD = Container("old", "image-1", "healthy", 0, is_running=True)
NEW = Container("new", "image-2", "healthy", 0, is_running=True)
AT_ONCE = Times(patience_seconds=0, overlap_seconds=0)


class Double:
    """A stack that notes what it is told, and fails where a test wants it to."""

    def __init__(self, *, new: Container = NEW, status: int = 200, fails_at: str = "") -> None:
        self.new, self.status, self.fails_at = new, status, fails_at
        self.running = [OLD]
        self.names = {"homeport": "image-1", "homeport:former": "image-0"}
        self.told: list[str] = []

    def image(self) -> str:
        return "homeport"

    def companions(self) -> list[str]:
        return ["jobs", "edge"]

    def containers(self) -> list[Container]:
        return list(self.running)

    def build(self) -> None:
        self._note("build")
        self.names["homeport"] = "image-2"

    def tag(self, image: str, name: str) -> None:
        self.names[name] = image

    def release_of(self, _container: Container) -> str:
        return "1.2.3"

    def check_schema(self, release: str) -> None:
        self._note(f"check_schema {release}")

    def add_replica(self) -> None:
        self._note("add_replica")
        self.running.append(self.new)

    def start_hidden(self, container: Container) -> None:
        self._note(f"start_hidden {container.number}")

    def show(self, container: Container) -> None:
        self._note(f"show {container.number}")

    def ask_home_page(self, _container: Container) -> int:
        return self.status

    def last_words(self, _container: Container) -> str:
        return "no module named homeport.app"

    def retire(self, container: Container) -> None:
        self._note(f"retire {container.number}")
        self.running.remove(container)

    def renew(self, services: list[str]) -> None:
        self._note(f"renew {' '.join(services)}")

    def _note(self, what: str) -> None:
        self.told.append(what)
        if self.fails_at and what.startswith(self.fails_at):
            raise DockerFailedError("it is broken")


def run(stack: Double) -> None:
    deploy(stack, stack.build, lambda _: None, AT_ONCE)


def test_the_new_one_is_seen_once_it_works_and_the_old_one_goes_after_it():
    stack = Double()
    run(stack)
    assert stack.told == [
        "build",
        "check_schema 1.2.3",
        "add_replica",
        "start_hidden new",
        "show new",
        "retire old",
        "renew jobs edge",
    ]
    assert stack.names == {"homeport": "image-2", "homeport:former": "image-1"}


@pytest.mark.parametrize("step", ["build", "check_schema", "add_replica", "start_hidden", "show"])
def test_whatever_fails_the_old_one_serves_under_its_name(step):
    stack = Double(fails_at=step)
    with pytest.raises(DeployFailedError, match="it is broken\nThe former image serves as before"):
        run(stack)
    assert stack.running == [OLD]
    assert stack.names["homeport"] == "image-1"
    assert "retire old" not in stack.told


@pytest.mark.parametrize(
    "state", [{"health": "unhealthy"}, {"restarts": 1}, {"health": "", "is_running": False}], ids=str
)
def test_one_that_does_not_get_ready_is_never_shown(state):
    stack = Double(new=replace(NEW, **state))
    with pytest.raises(DeployFailedError, match=r"does not get ready. It said:\nno module named homeport\.app"):
        run(stack)
    assert "show new" not in stack.told
    assert stack.running == [OLD]


def test_one_whose_home_page_fails_is_taken_back():
    stack = Double(status=500)
    with pytest.raises(DeployFailedError, match="answers 500 for its home page"):
        run(stack)
    assert stack.running == [OLD]


@pytest.mark.parametrize("running", [[], [OLD, NEW]])
def test_it_starts_from_one_container(running):
    stack = Double()
    stack.running = running
    with pytest.raises(ConflictError, match=f"{len(running)} containers of the site run"):
        run(stack)
    assert stack.told == []


def test_the_former_image_is_kept_beside_the_name_wherever_that_is():
    names = ["homeport", "homeport:1.2", "registry.example:5000/me/homeport:1.2", "me/homeport"]
    assert [former_of(name) for name in names] == [
        "homeport:former",
        "homeport:former",
        "registry.example:5000/me/homeport:former",
        "me/homeport:former",
    ]
