"""Every read of entries, tags and series; constant statements that return plain rows, fully loaded."""

from homeport.blog.queries.around import RELATED_SIZE
from homeport.blog.queries.cards import IS_LISTED, IS_PUBLIC
from homeport.blog.queries.entry_page import find_entry_page
from homeport.blog.queries.feed import list_for_feed
from homeport.blog.queries.lists import (
    PAGE_SIZE,
    list_by_author,
    list_by_tag,
    list_home,
    list_listed,
    list_month,
    list_year,
)
from homeport.blog.queries.paths import find_past, list_redirects
from homeport.blog.queries.taxonomy import (
    count_months,
    find_series,
    list_series,
    list_tags,
    page_of_series,
    page_of_tags,
)

__all__ = [
    "IS_LISTED",
    "IS_PUBLIC",
    "PAGE_SIZE",
    "RELATED_SIZE",
    "count_months",
    "find_entry_page",
    "find_past",
    "find_series",
    "list_by_author",
    "list_by_tag",
    "list_for_feed",
    "list_home",
    "list_listed",
    "list_month",
    "list_redirects",
    "list_series",
    "list_tags",
    "list_year",
    "page_of_series",
    "page_of_tags",
]
