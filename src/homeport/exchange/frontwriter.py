"""Front matter for entries that were written here and have none, so that an export makes sense to other tools."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml


class FrontWriter:
    """Knows what authors, tags and series are called by their slugs."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._names = {author["slug"]: author["name"] for author in facts["authors"]}
        self._tags = {tag["slug"]: tag["title"] for tag in facts["tags"]}
        self._series = {series["slug"]: series["title"] for series in facts["series"]}

    def write(self, columns: Mapping[str, Any]) -> str:
        """Return a YAML block, delimiters included, that says what the columns of an entry say."""
        said = self._say(columns)
        kept = {key: value for key, value in said.items() if value not in (None, "", [], ())}
        return f"---\n{yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=1000)}---\n"

    def _say(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "title": columns["title"],
            "subtitle": columns["subtitle"],
            "slug": columns["slug"],
            "type": columns["kind"],
            "date": _moment(columns["published_at"]),
            "updated": _moment(columns["updated_at"]),
            "state": columns["state"],
            "draft": True if columns["state"] == "draft" else None,
            "authors": [self._names[slug] for slug in columns["authors"]],
            "tags": [self._tags[slug] for slug in columns["tags"]],
            "series": self._series.get(columns["series"]),
            "series_position": columns["series_position"],
            "description": columns["description"],
            "language": columns["language"],
            "link_url": columns["link_url"],
            "canonical_url": columns["canonical_url"],
            "comments": columns["comments_open"],
        }


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
