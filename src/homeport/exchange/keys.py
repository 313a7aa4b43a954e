"""Under which keys the tools keep what an entry has, and how much of each is taken."""

MAX_SLUG = 110
MAX_TITLE = 300

DATE_KEYS = ("published_at", "publish_date", "pub_date", "date", "published_on")
UPDATE_KEYS = ("updated_at", "lastmod", "updated", "modified", "last_modified_at")
COVER_KEYS = ("cover", "cover_image", "featured_image", "image", "thumbnail", "hero_image")
LINK_KEYS = ("link_url", "external_url", "link")
CANONICAL_KEYS = ("canonical_url", "canonical")
DESCRIPTION_KEYS = ("description", "summary", "excerpt")
LANGUAGE_KEYS = ("language", "lang", "locale")
AUTHOR_KEYS = ("authors", "author")
TAG_KEYS = ("tags", "tag", "categories", "category", "keywords")
SERIES_KEYS = ("series",)
POSITION_KEYS = ("series_position", "series_index", "series_order", "part")
FEED_ID_KEYS = ("feed_id", "guid", "atom_id")
FORMER_ADDRESS_KEYS = ("aliases", "alias", "redirect_from", "old_paths")
