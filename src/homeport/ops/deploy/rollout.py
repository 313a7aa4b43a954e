"""The steps of a deploy, and the way back from each of them."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from homeport.errors import ConflictError, HomeportError, UnavailableError
from homeport.ops import process
from homeport.ops.deploy.stack import Container, Stack

OVERLAP_SECONDS = 12.0
"""The proxy believes an address for ten seconds: so long both have to answer, or it asks where nobody is left."""

PATIENCE_SECONDS = 180.0

Say = Callable[[str], None]


class DeployFailedError(UnavailableError):
    """The new image is not to be had, not allowed or does not work; the old one serves as before."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long a deploy waits for what."""

    patience_seconds: float = PATIENCE_SECONDS
    overlap_seconds: float = OVERLAP_SECONDS


def deploy(stack: Stack, take_image: Callable[[], None], say: Say, times: Times) -> None:
    """Replace the site that runs by the image that `take_image` gives the site's name to; readers notice nothing.

    Raises DeployFailedError for whatever goes wrong before the old container is stopped, a migration that it could not
    live with included; the name is the old image's again then.
    """
    name = stack.image()
    old = _the_only(stack)
    stack.tag(old.image, former_of(name))
    try:
        say("Getting the new image ...")
        take_image()
        stack.check_schema(stack.release_of(old))
        say("Starting it beside the one that serves, unseen by readers ...")
        new = _start_beside(stack, old, times.patience_seconds)
        say(f"It answers. Both serve for {times.overlap_seconds:.0f} s, until the proxy knows ...")
        time.sleep(times.overlap_seconds)
        _check(stack, new)
    except BaseException as error:
        _return(stack, old, name)
        if isinstance(error, HomeportError):
            raise DeployFailedError(f"{error}\nThe former image serves as before.", hint=error.hint) from error
        raise
    say("The former one finishes what it has begun ...")
    stack.retire(old)
    stack.renew(stack.companions())


def former_of(name: str) -> str:
    """Return the name under which the image before this one is kept."""
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}:former"


def _the_only(stack: Stack) -> Container:
    found = [container for container in stack.containers() if container.is_running]
    if len(found) != 1:
        raise ConflictError(
            f"{len(found)} containers of the site run, and a deploy starts from one",
            hint="`docker compose up -d --wait` makes it one; then deploy.",
        )
    return found[0]


def _start_beside(stack: Stack, old: Container, patience_seconds: float) -> Container:
    stack.add_replica()
    stack.start_hidden(_newcomer(stack, old))

    def is_decided() -> bool:
        new = _newcomer(stack, old)
        return new.health == "healthy" or new.restarts > 0 or not new.is_running

    process.wait_until(is_decided, patience_seconds)
    new = _newcomer(stack, old)
    if new.health != "healthy" or new.restarts:
        raise DeployFailedError(f"the new image does not get ready. It said:\n{stack.last_words(new)}")
    _check(stack, new)
    stack.show(new)
    return new


def _check(stack: Stack, new: Container) -> None:
    status = stack.ask_home_page(new)
    if status >= 400:
        raise DeployFailedError(f"the new image answers {status} for its home page")


def _newcomer(stack: Stack, old: Container) -> Container:
    found = [each for each in stack.containers() if each.number != old.number]
    if not found:
        raise DeployFailedError("the new container is gone")
    return found[-1]


def _return(stack: Stack, old: Container, name: str) -> None:
    """Undo what was begun; the first error is the one that is told."""
    with suppress(HomeportError):
        stack.tag(old.image, name)
    with suppress(HomeportError):
        for container in stack.containers():
            if container.number != old.number:
                stack.retire(container)
