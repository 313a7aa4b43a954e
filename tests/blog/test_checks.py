import pytest
from sqlalchemy import text

from homeport.blog.actions import change_site, rename_entry
from homeport.blog.checks import HEAVY_BYTES, check_fields
from homeport.blog.fields import EntryFields
from homeport.media.models import Media
from tests.factories.blog import make_draft, make_entry
from tests.factories.statements import recorded


def advice(session, source, **fields):
    values = {"title": "T", "description": "D", "source": source, **fields}
    return check_fields(session, EntryFields(**values)).advice


def kinds(session, source, **fields):
    return [each.kind for each in advice(session, source, **fields)]


def make_media(session, *, size_bytes=1000, alt="", digest="0a" * 16):
    media = Media(
        hash=digest, original_hash="", name="a.png", content_type="image/png", size_bytes=size_bytes, alt=alt,
        width=4, height=4,
    )  # fmt: skip
    session.add(media)
    session.flush()
    return media


def test_a_text_that_is_well_made_gets_no_advice(session):
    make_entry(session, slug="one", tags=("Rust",))
    media = make_media(session)
    source = (
        f"Words.\n\n## One\n\n### Two\n\n## Three\n\n![A hill]({media.path}) [a](/posts/one) [b](/tags/rust) [c](#one) "
        "[d](/) [e](/archive) [f](https://example.org/nowhere)"
    )
    assert advice(session, source) == ()


def test_an_image_without_words_is_named(session):
    (found,) = advice(session, f"![]({make_media(session).path})")
    assert (found.kind, "a.png" in found.message) == ("alt", True)


def test_an_image_that_has_words_in_the_library_is_fine(session):
    assert kinds(session, f"![]({make_media(session, alt='A hill').path})") == []


def test_a_cover_has_words_of_its_own_or_those_of_the_library(session):
    bare, described = make_media(session), make_media(session, alt="A hill", digest="0b" * 16)
    assert kinds(session, "Words", cover_media_id=bare.id) == ["alt"]
    assert kinds(session, "Words", cover_media_id=bare.id, cover_alt="A hill") == []
    assert kinds(session, "Words", cover_media_id=described.id) == []


def test_an_image_that_is_not_here_is_named(session):
    assert kinds(session, "![A hill](hill.png)") == ["image"]


@pytest.mark.parametrize(
    "link", ["/nowhere", "/posts/nothing", "/tags/nothing", "/media/" + "0b" * 16 + "/x.png", "#lost"]
)
def test_a_link_that_leads_nowhere_is_named(session, link):
    (found,) = advice(session, f"[a]({link})")
    assert (found.kind, link in found.message) == ("link", True)


def test_the_sites_own_address_counts_as_here(session):
    change_site(session, address="https://example.org")
    assert kinds(session, "[a](https://example.org/nowhere)") == ["link"]


def test_images_and_links_are_found_in_the_text(session):
    path = make_media(session).path
    found = advice(session, f"![A hill]({path})\n\n![]({path})\n\n[b](/nowhere/else) [c](#lost)\n\n[d](/nowhere)\n")
    assert [(each.kind, each.line) for each in found] == [("alt", 3), ("link", 5), ("link", 7), ("link", 5)]


def test_a_link_to_a_draft_is_told_apart(session):
    make_draft(session, slug="soon")
    (found,) = advice(session, "[a](/posts/soon)")
    assert "draft" in found.message


def test_a_former_address_still_leads_somewhere(session):
    rename_entry(session, make_entry(session, slug="one"), "two")
    assert kinds(session, "[a](/posts/one)") == []


def test_a_heading_that_skips_a_level_is_named_with_its_line(session):
    (found,) = advice(session, "Words\n\n## One\n\n#### Deep\n")
    assert (found.kind, found.line) == ("headings", 5)


def test_a_second_title_is_named(session):
    assert kinds(session, "## One\n\n# Another title\n") == ["headings"]


def test_headings_in_code_are_none(session):
    assert kinds(session, "```\n# no\n```\n") == []


def test_html_that_is_left_out_is_told_with_its_line(session):
    found = advice(session, "Words\n\n<script>alert(1)</script>\n")
    assert [(each.kind, each.line) for each in found] == [("html", 3)]


def test_an_empty_description_and_a_missing_title_are_told(session):
    assert kinds(session, "Words", title="", description="") == ["title", "description"]


def test_marks_of_a_conflict_are_told(session):
    assert "conflict" in kinds(session, "<<<<<<< yours\na\n=======\nb\n>>>>>>> theirs")


def test_a_heavy_page_is_told_with_its_weight(session):
    media = make_media(session, size_bytes=HEAVY_BYTES)
    (found,) = advice(session, f"![A hill]({media.path})")
    assert (found.kind, "2.0 MB" in found.message) == ("weight", True)


def test_any_number_of_links_costs_the_same_statements(session, connection):
    session.execute(text("select 1"))
    with recorded(connection) as few:
        advice(session, "[a](/one)")
    with recorded(connection) as many:
        advice(session, " ".join(f"[a](/{number})" for number in range(50)))
    assert len(many) == len(few)
