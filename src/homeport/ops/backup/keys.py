"""The two keys of an archive: the server's, for the nightly proof, and one that only its owner has."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

from homeport.errors import ConflictError, InvalidError
from homeport.ops import files


@dataclass(frozen=True, slots=True)
class Keys:
    """The folder of the server's key and of the public half of the recovery key."""

    folder: Path

    @property
    def server_file(self) -> Path:
        """The server's key, private half included: it opens the archives for the proof."""
        return self.folder / "backup_key"

    @property
    def recovery_file(self) -> Path:
        """The public half of the recovery key."""
        return self.folder / "backup_recovery_key.pub"

    @property
    def has_recovery(self) -> bool:
        """Whether archives can be opened by somebody who has lost this server."""
        return self.recovery_file.exists()

    def server(self) -> Identity:
        """Return the server's key; it is made when it is first needed."""
        if not self.server_file.exists():
            self._write(self.server_file, str(Identity.generate()))
        return read_identity(self.server_file)

    def make_recovery(self, *, replace: bool = False) -> str:
        """Make a recovery key, keep its public half, and return the private one, which is stored nowhere.

        Raises ConflictError when there is one and it is not to be replaced.
        """
        if self.has_recovery and not replace:
            raise ConflictError(
                "there is a recovery key already",
                hint="--replace makes another one; archives made until now still open with the old one.",
            )
        identity = Identity.generate()
        self._write(self.recovery_file, str(identity.to_public()))
        return str(identity)

    def recipients(self) -> Sequence[Recipient]:
        """Return those for whom an archive is sealed; raises InvalidError when a key file is damaged."""
        found = [self.server().to_public()]
        if self.has_recovery:
            try:
                found.append(Recipient.from_str(self.recovery_file.read_text(encoding="utf-8").strip()))
            except RecipientError as error:
                raise InvalidError(f"{self.recovery_file} is no public age key") from error
        return found

    def _write(self, path: Path, text: str) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write_atomically(path, f"{text}\n")


def read_identity(path: Path) -> Identity:
    """Return the private key in a file, as `age-keygen` writes it; raises InvalidError when there is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return Identity.from_str(next(line.strip() for line in lines if line.strip() and not line.startswith("#")))
    except (OSError, UnicodeDecodeError, StopIteration, IdentityError) as error:
        raise InvalidError(
            f"{path} holds no private key", hint="It is one line that begins with AGE-SECRET-KEY-."
        ) from error
