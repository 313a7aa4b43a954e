from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.readers import digest_of, read_file

BERLIN = ZoneInfo("Europe/Berlin")


def read(path: str, written: str | bytes, dialect: Dialect = Dialect.HUGO, **origin):
    data = written.encode() if isinstance(written, str) else written
    fallback = datetime(2000, 1, 1, tzinfo=UTC) if dialect == Dialect.PLAIN else None
    return read_file(path, data, Origin(dialect, **origin), BERLIN, fallback)


def refusal(content: str | bytes) -> tuple[str, int | None]:
    with pytest.raises(FileRefusedError) as refused:
        read("a.md", content)
    return str(refused.value), refused.value.line


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("text".encode("utf-16"), None, "UTF-16"),
        ("one\ntwo é".encode("latin-1"), 2, "not UTF-8"),
        (b"one\n\x00", 2, "zero bytes"),
        ("---\ntitle: [unclosed\n---\n", None, "front matter"),
        ("---\ntitle: x\ndate: 99999-01-01\n---\n", 3, "date"),
        ("---\ntitle: x\ndate: 0000-01-01\n---\n", 3, "year 0"),
        ("+++\ntitle = 'x'\ndate = 0000-01-01\n+++\n", 3, ""),
        ('---\ntitle: "a\\0b"\n---\n', None, ""),
        ("---\ntitle: !!python/object/apply:os.system ['true']\n---\n", 2, "front matter"),
    ],
)
def test_a_hostile_file_is_refused_with_a_reason_and_a_line(content, line, words):
    reason, at = refusal(content)
    assert words in reason
    assert line is None or at == line


def test_a_yaml_bomb_is_refused_or_harmless():
    rungs = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20))
    try:
        post = read("a.md", f"---\na: &a [lol]\n{rungs}title: *u\n---\n").post
    except FileRefusedError:
        return
    assert len(post.title or "") < 1000


def test_front_matter_and_source_are_the_file_byte_for_byte():
    content = "\ufeff---\r\ntitle: x\r\nodd: 1\r\n---\r\n\r\nText\r\n"
    taken = read("a.md", content)
    assert taken.front_matter + taken.source == content
    assert taken.post.split(content) == (taken.front_matter, taken.source)
    assert taken.post.digest == digest_of(content.encode())


def test_the_body_knows_its_line():
    assert read("a.md", "---\ntitle: x\n---\nText").post.body_line == 4
    assert read("a.md", "Text").post.body_line == 1


class TestZola:
    CORPUS = (
        '+++\npath = "2025/06/20/may-update"\ntitle = "May update"\nauthors = ["Ada", "Bob"]\n'
        'aliases = ["2025/06/20/May.html"]\n[taxonomies]\ntags = ["rust"]\n[extra]\nteam = "the team"\n+++\nText'
    )

    def test_a_post_is_read(self):
        post = read("content/x.md", self.CORPUS, Dialect.ZOLA, content="content/").post
        assert (post.kind, post.title, post.slug, post.state) == ("article", "May update", "may-update", "published")
        assert post.published_at == datetime(2025, 6, 20, tzinfo=BERLIN)
        assert post.old_paths == ("/2025/06/20/may-update", "/2025/06/20/May.html")
        assert (post.authors, post.tags) == (("Ada", "Bob"), ("rust",))

    def test_a_section_without_a_text_is_an_unlisted_page(self):
        post = read("content/news/_index.md", '+++\ntitle = "News"\n+++\n', Dialect.ZOLA, content="content/").post
        assert (post.kind, post.slug, post.state, post.old_paths) == ("page", "news", "unlisted", ("/news/",))

    def test_a_page_that_only_a_template_filled_keeps_its_address_in_no_list(self):
        post = read("content/news/latest.md", "+++\ntemplate = 'x'\n+++\n", Dialect.ZOLA, content="content/").post
        assert (post.kind, post.slug, post.state, post.old_paths) == ("page", "latest", "unlisted", ("/news/latest/",))

    def test_a_file_of_nothing_at_all_is_refused(self):
        with pytest.raises(FileRefusedError, match="is empty"):
            read("content/a.md", "\n", Dialect.ZOLA, content="content/")

    def test_the_root_section_has_no_old_address_to_keep(self):
        post = read("content/_index.md", "+++\n+++\nHello", Dialect.ZOLA, content="content/").post
        assert (post.slug, post.state, post.old_paths) == ("home", "published", ())


class TestHugo:
    def test_a_post_is_read(self):
        post = read(
            "content/posts/2020-01-02-hello.md",
            "---\ntitle: Hello\ndate: 2020-05-06T07:08:09Z\nlastmod: 2021-01-01\ndraft: true\n"
            "tags: [a]\ncategories: [b]\nseries: [S]\nseries_order: 2\nurl: /old/hello/\nsummary: Short\n"
            "cover:\n  image: cover.png\n  alt: Sea\nlang: de\ncanonicalURL: https://c.example/\n---\nText",
            content="content/",
        ).post
        assert (post.slug, post.state, post.series, post.series_position) == ("hello", "draft", "S", 2)
        assert post.published_at == datetime(2020, 5, 6, 7, 8, 9, tzinfo=UTC)
        assert post.updated_at == datetime(2021, 1, 1, tzinfo=BERLIN)
        assert (post.tags, post.cover, post.cover_alt, post.language) == (("a", "b"), "cover.png", "Sea", "de")
        assert (post.description, post.canonical_url) == ("Short", "https://c.example/")
        assert post.old_paths == ("/old/hello/",)

    def test_publish_date_wins_over_date(self):
        post = read("posts/a.md", "---\ndate: 2020-01-01\npublishDate: 2030-01-01\n---\nText").post
        assert post.published_at == datetime(2030, 1, 1, tzinfo=BERLIN)

    def test_a_bundle_is_named_by_its_folder_and_dated_by_it(self):
        post = read("posts/2020-01-02-trip/index.md", "---\ntitle: Trip\n---\n").post
        assert (post.slug, post.published_at) == ("trip", datetime(2020, 1, 2, tzinfo=BERLIN))

    def test_a_text_without_a_date_is_a_page_unless_it_says_post(self):
        assert read("about.md", "---\ntitle: About\n---\nMe").post.kind == "page"
        assert read("a.md", "---\ntype: post\n---\nMe").post.kind == "article"
        assert read("a.md", "---\ntype: page\ndate: 2020-01-01\n---\nMe").post.kind == "page"


class TestJekyll:
    def test_a_post_is_read(self):
        post = read(
            "_posts/2020-01-02-my-post.md",
            "---\nlayout: post\ntitle: My post\ntags: a b\ncategories: c\npublished: false\n"
            "redirect_from:\n  - /old/\n  - /older.html\nauthor: Ada <ada@example.org>\n---\n",
            Dialect.JEKYLL,
        ).post
        assert (post.slug, post.state, post.tags, post.authors) == ("my-post", "draft", ("a", "b", "c"), ("Ada",))
        assert post.old_paths[0] == "/c/2020/01/02/my-post.html"
        assert post.old_paths[-2:] == ("/old/", "/older.html")

    def test_a_draft_has_no_date_and_stays_a_post(self):
        post = read("_drafts/idea.md", "---\ntitle: Idea\n---\n", Dialect.JEKYLL).post
        assert (post.kind, post.state, post.published_at) == ("article", "draft", None)


class TestPelican:
    def test_a_post_is_read(self):
        post = read(
            "content/x.md",
            "Title: My super title\nDate: 2010-12-03 10:20\nModified: 2010-12-05\nCategory: Python\nTags: pelican, x\n"
            "Slug: my-super-post\nAuthors: Metaireau, Alexis; Doyle, Conan\nSummary: Short\nStatus: hidden\n\nText\n",
            Dialect.PELICAN,
            content="content/",
        ).post
        assert (post.slug, post.state, post.tags) == ("my-super-post", "unlisted", ("pelican", "x", "Python"))
        assert post.authors == ("Metaireau, Alexis", "Doyle, Conan")
        assert post.old_paths == ("/my-super-post.html",)
        assert post.published_at == datetime(2010, 12, 3, 10, 20, tzinfo=BERLIN)


class TestPlain:
    def test_title_comes_from_the_first_heading_and_date_from_the_file(self):
        post = read("notes/some-thing.md", "```\n# no\n```\n\n## The *real* [title](x) #\n", Dialect.PLAIN).post
        assert (post.title, post.slug, post.kind) == ("The real title", "some-thing", "article")
        assert post.published_at == datetime(2000, 1, 1, tzinfo=UTC)

    def test_a_heading_of_blanks_costs_no_square(self):
        assert read("a.md", "# " + " " * 19_000 + "x", Dialect.PLAIN).post.title in {"A", "x"}

    def test_without_a_heading_the_name_is_the_title(self):
        assert read("2020-01-02_some-thing.md", "Text", Dialect.PLAIN).post.title == "Some thing"

    def test_a_draft_is_not_dated_by_its_file(self):
        assert read("a.md", "---\ndraft: true\n---\nText", Dialect.PLAIN).post.published_at is None

    def test_a_note_needs_no_title(self):
        assert read("n.md", "---\nkind: note\n---\n# Not a title", Dialect.PLAIN).post.title is None

    @pytest.mark.parametrize("slug", ["../../etc", "/etc/passwd/", "a/b/../../c", "..", "?"])
    def test_a_slug_that_climbs_becomes_one_name(self, slug):
        made = read("x.md", f"---\nslug: '{slug}'\n---\nText", Dialect.PLAIN).post.slug
        assert made in {"etc", "passwd", "c", "x"}

    def test_a_name_with_nothing_for_a_slug_takes_the_title_or_gives_up(self):
        assert read("!!!.md", "---\ntitle: Hello\n---\n", Dialect.PLAIN).post.slug == "hello"
        assert read("!!!.md", "…", Dialect.PLAIN).post.slug == "untitled"

    def test_an_alias_that_climbs_is_reported_and_not_taken(self):
        taken = read("x.md", "---\naliases: [../../etc, /fine]\ndate: 2020-01-02\n---\nText", Dialect.PLAIN)
        assert taken.post.old_paths == ("/fine",)
        assert [(notice.file, notice.line) for notice in taken.warnings] == [("x.md", 2)]


@pytest.mark.parametrize("name", ["0000-01-01-name.md", "2020-13-45-name.md", "posts/2020-02-30/index.md"])
def test_a_name_with_the_form_of_a_date_that_is_none_is_refused(name):
    with pytest.raises(FileRefusedError, match="no date"):
        read(name, "---\ntitle: A\n---\nText", Dialect.PLAIN)
    assert read(name, "---\ntitle: A\ndate: 2020-01-02\n---\nText", Dialect.PLAIN).post.published_at


def test_the_time_of_a_file_is_taken_with_a_warning():
    taken = read("a.md", "Text", Dialect.PLAIN)
    assert [notice.reason for notice in taken.warnings] == ["no date: the file's time 2000-01-01 01:00 is taken"]


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("a.md", "", "is empty"),
        ("a.md", "\ufeff \n\n", "is empty"),
        ("_index.md", "---\ntitle: Home\n---\n", "section index without text"),
        ("posts/_index.md", "---\n---\n", "section index without text"),
    ],
)
def test_a_file_with_nothing_to_show_is_refused(path, content, reason):
    with pytest.raises(FileRefusedError, match=reason):
        read(path, content)


def test_an_undated_text_among_posts_is_a_post_of_the_files_time():
    data = b"---\ntitle: A\n---\nText"
    fallback = datetime(2000, 1, 1, tzinfo=UTC)
    taken = read_file("posts/a.md", data, Origin(Dialect.HUGO), BERLIN, fallback)
    assert (taken.post.kind, taken.post.published_at) == ("article", fallback)
    assert "no date" in taken.warnings[0].reason
    assert read_file("docs/a.md", data, Origin(Dialect.HUGO), BERLIN, fallback).post.kind == "page"


@pytest.mark.parametrize("author", ["{name: Bob B}", "[{name: Bob B, url: x}]", "Bob B <b@example.org>"])
def test_an_author_may_be_a_table(author):
    assert read("a.md", f"---\nauthor: {author}\n---\nText").post.authors == ("Bob B",)


def test_tags_of_one_address_are_reported():
    taken = read("a.md", "---\ndate: 2020-01-02\ntags: [Ä, A, a, Go]\n---\nText")
    assert taken.post.tags == ("Ä", "Go")
    assert [notice.line for notice in taken.warnings] == [3, 3]
