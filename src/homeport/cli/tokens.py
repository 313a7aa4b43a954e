"""The tokens of sites elsewhere: from the environment, or from a file that nobody else may read."""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from homeport.errors import ForbiddenError, InvalidError, UnauthorisedError

VARIABLE = "HOMEPORT_TOKEN"
PRIVATE = 0o600


class TokenMissingError(UnauthorisedError):
    """Nobody has said by which token the site is to be asked."""


class TokenFileOpenError(ForbiddenError):
    """Others may read the file of tokens."""


@dataclass(frozen=True, slots=True)
class TokenFile:
    """One token for each site, by its address."""

    path: Path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "TokenFile":
        """Return the file in the place where programs keep what is set up once."""
        home = environment.get("XDG_CONFIG_HOME") or Path(environment.get("HOME", "~")).expanduser() / ".config"
        return cls(Path(home) / "homeport" / "tokens.json")

    def read(self) -> dict[str, str]:
        """Return all tokens; raises TokenFileOpenError and InvalidError."""
        if not self.path.exists():
            return {}
        if stat.S_IMODE(self.path.stat().st_mode) & ~PRIVATE:
            raise TokenFileOpenError(f"others may read {self.path}", hint=f"chmod 600 {self.path}")
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InvalidError(f"{self.path} cannot be read", hint="Delete it and log in again.") from error
        return {str(site): str(token) for site, token in kept.items()} if isinstance(kept, dict) else {}

    def keep(self, site: str, token: str) -> None:
        """Keep a site's token, or forget it when it is empty; nobody else can read it at any moment."""
        tokens = {name: kept for name, kept in {**self.read(), site: token}.items() if kept}
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self.path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(tokens, file, indent=2)
        beside.replace(self.path)


def token_for(site: str, environment: Mapping[str, str]) -> str:
    """Return the token for a site: the environment's, or the one that was kept by logging in.

    Raises TokenMissingError.
    """
    token = environment.get(VARIABLE) or TokenFile.of(environment).read().get(site, "")
    if not token:
        raise TokenMissingError(
            f"there is no token for {site}",
            hint=f"Make one at {site}/account/tokens, then: homeport --site {site} login",
        )
    return token
