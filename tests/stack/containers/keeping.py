"""What must survive whatever becomes of containers: texts, pictures, accounts, and who is signed in."""

from dataclasses import dataclass
from typing import Self

from homeport.ops import process
from tests.factories.media import a_noise
from tests.stack.containers.author import Author
from tests.stack.containers.project import Project

# The proxy believes an address of the site for ten seconds.
RESOLVER_SECONDS = 30


@dataclass
class Belongings:
    """A site's belongings, and where they are to be found."""

    author: Author
    picture: str
    data: bytes

    @classmethod
    def of(cls, author: Author) -> Self:
        """Write some drafts and upload a picture."""
        assert all(author.write() for _ in range(5))
        data = a_noise(size=(300, 200))
        path = author.upload(data)
        return cls(author, path, author.get(path).body)

    def are_there(self, project: Project) -> bool:
        """Say whether the site serves again, and nothing is missing."""
        # Who was signed in still is: an answer of 200, and not a way to the door. Readers may have been served all the
        # time, of pages that were stored; this needs the database.
        assert process.wait_until(lambda: self.author.reads("/studio/entries"), RESOLVER_SECONDS), project.logs()
        return self.author.get(self.picture).body == self.data and self.author.missing() == set()
