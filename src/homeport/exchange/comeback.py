"""One entry of an export and its file: is it as it was written, edited in the folder since, or here already."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.manifest import DescribedEntry
from homeport.exchange.notices import Notice
from homeport.exchange.plan import Memory
from homeport.exchange.post import ImportedPost
from homeport.exchange.readers import decode, digest_of, read_file

EXPORT = Origin(Dialect.HOMEPORT)


@dataclass(frozen=True, slots=True)
class Comeback:
    """An entry of an export with its text as the folder has it now."""

    described: DescribedEntry
    post: ImportedPost
    content_digest: str
    is_edited: bool
    says_more: bool
    """Whether the front matter was edited, so that the file and not the manifest describes the entry."""
    warnings: tuple[Notice, ...] = ()

    def memory(self, cover_media_id: int | None) -> Memory:
        """Return what comes back beside the text."""
        columns = {name: self.described.columns[name] for name in ("public_id", "created_at", "modified_at")}
        if not self.says_more:
            columns |= {"cover_media_id": cover_media_id, "cover_alt": self.described.columns["cover_alt"]}
        return Memory(columns, self.described.imported_as, self.described.revisions)


def read_comeback(described: DescribedEntry, data: bytes, zone: ZoneInfo) -> Comeback:
    """Read an entry's file beside what the manifest says of it.

    Raises FileRefusedError when the file was edited and cannot be read any more.
    """
    text = decode(data)
    block = text[: described.front_matter_length]
    is_edited = digest_of(data) != described.digest
    says_more = is_edited and digest_of(block.encode()) != described.front_matter_digest
    warnings: tuple[Notice, ...] = ()
    if says_more:
        read = read_file(described.file, data, EXPORT, zone, None)
        post, warnings = _as_said(described, read.post), read.warnings
    else:
        post = _as_it_was(described, data, block)
    content = "".join(post.split(text))
    return Comeback(described, post, digest_of(content.encode()), is_edited, says_more, warnings)


def _as_it_was(described: DescribedEntry, data: bytes, block: str) -> ImportedPost:
    columns = described.columns
    return ImportedPost(
        path=described.file,
        digest=digest_of(data),
        front_matter_length=len(block),
        has_made_up_front_matter=described.has_made_up_front_matter,
        body_line=block.count("\n") + 1,
        kind=columns["kind"],
        title=columns["title"],
        slug=columns["slug"],
        state=columns["state"],
        published_at=columns["published_at"],
        updated_at=columns["updated_at"],
        subtitle=columns["subtitle"],
        language=columns["language"],
        canonical_url=columns["canonical_url"],
        link_url=columns["link_url"],
        description=columns["description"],
        authors=described.authors,
        tags=described.tags,
        series=described.series,
        series_position=columns["series_position"],
        cover_alt=columns["cover_alt"],
        feed_id=columns["feed_id"],
        comments_open=columns["comments_open"],
    )


def _as_said(described: DescribedEntry, post: ImportedPost) -> ImportedPost:
    """Let an edited front matter describe the entry; its address stays, which files of other tools rarely say."""
    return replace(
        post,
        slug=described.columns["slug"],
        kind=described.columns["kind"],
        published_at=post.published_at or described.columns["published_at"],
        feed_id=described.columns["feed_id"],
    )
