"""A made-up site of any size, written by the database itself: 100,000 posts and 1,000,000 comments in minutes.

Forty posts are written as an author's would be; all others have the text, the HTML and the outline of one of them, and
titles, addresses and moments of their own. What lists show is as long in a small site as in a large one: a tag with
four posts, a theme with hundreds, a tag that every post has, a post with three comments, one with very many.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from content import fill
from homeport.accounts.models import Account, Author
from homeport.accounts.signins import open_sign_in
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database

TEMPLATES = 40

FILL = """
insert into author (name, slug) values ('Bea Example', 'bea'), ('A Guest', 'guest');
insert into series (slug, title)
  select 'series-' || n, 'Series ' || md5(n::text) from generate_series(1, greatest(:posts / 20, 100)) n;
insert into series (slug, title) values ('daily', 'Every day');
insert into tag (slug, title) select 'theme-' || n, 'Theme number ' || n from generate_series(1, 5) n;
insert into tag (slug, title) values ('rare', 'Hardly ever');
insert into tag (slug, title) select 'topic-' || n, md5(n::text) from generate_series(1, :tags - 8) n;

insert into entry (id, kind, title, subtitle, slug, path, state, published_at, modified_at, created_at, source, html,
                   html_version, outline, excerpt, word_count, description, series_id, series_position)
  overriding system value
  select made.id, kind, 'Post ' || n || ': ' || split_part(title, ': ', 2), subtitle, 'letter-' || n,
         '/posts/letter-' || n,
         case when n % 50 = 0 then 'draft' when n % 71 = 0 then 'unlisted' else 'published' end,
         now() - (:posts - n) * interval '7 hours' - interval '1 hour',
         now() - (:posts - n) * interval '5 hours' - interval '1 hour',
         now() - (:posts - n) * interval '8 hours' - interval '1 hour',
         source, html, html_version, outline, excerpt, word_count, description,
         case when n % 5 = 0 then (select id from series where slug = 'series-' || n % (:posts / 20) + 1)
              when n % 7 = 0 then (select id from series where slug = 'daily') end,
         case when n % 5 = 0 then n end
  from generate_series(1, :posts) n,
       lateral (select :templates + n as id) made,
       template where template.place = n % :templates;
update entry set title = title || ' Zanzibar' where slug = 'letter-103';
insert into byline select entry.id, author.id, 0, entry_listed_at(entry) from entry join author on author.slug = case
    when entry.slug like 'letter-_0' then 'guest' when entry.id % 5 = 0 then 'bea' else 'ada' end
  on conflict do nothing;
insert into entry_tag
  select entry.id, tag.id, place, entry_listed_at(entry) from entry,
    lateral (values ('everything', 0), ('theme-' || entry.id % 5 + 1, 1),
                    ('topic-' || entry.id * 2 % (:tags - 8) + 1, 2),
                    ('topic-' || (entry.id * 2 + 1) % (:tags - 8) + 1, 3)) wanted (slug, place)
    join tag on tag.slug = wanted.slug
  where entry.slug like 'letter-%'
  on conflict do nothing;
insert into entry_tag
  select entry.id, tag.id, 9, entry_listed_at(entry) from entry, tag
  where tag.slug = 'rare' and entry.slug like 'letter-2_';

insert into response (id, entry_id, parent_id, state, writer_name, writer_email, text, html, created_at)
  overriding system value
  select first.id + k, entry.id, case when k % 4 > 0 then first.id + k - k % 4 end,
         case when entry.slug in ('letter-103', 'letter-105') then 'shown' when k % 9 = 7 then 'held'
              when k % 9 = 5 then 'spam' else 'shown' end,
         'Reader ' || entry.id % 5000, 'reader' || entry.id % 5000 || '@example.org',
         repeat('How true this is, and how well it is said. ', 1 + k % 7) || first.id + k,
         '<p>' || repeat('How true this is, and how well it is said. ', 1 + k % 7) || first.id + k || '</p>',
         entry.published_at + k * interval '1 second'
  from (
    select *, (sum(wanted) over (order by id))::bigint - wanted + 1 as id
    from (
      select id as entry_id, case slug when 'letter-103' then 3 when 'letter-105' then greatest(:comments / 10, 1000)
        else 9 * :comments / 10 / :posts end as wanted from entry where slug like 'letter-%'
    ) entry (entry_id, wanted), lateral (select entry_id as id) ordered
  ) first (entry_id, wanted, ordered_id, id), generate_series(0, wanted - 1) k, entry
  where entry.id = first.entry_id;
insert into search_document
  select entry.id, entry.version,
         setweight(to_tsvector('simple', entry.title), 'A') || setweight(template.words, 'D')
  from entry join template on template.place = entry.id % :templates;
insert into entry_revision (entry_id, number, title, source, created_at, is_public)
  select id, 1, title, source, created_at, true from entry;
insert into media (hash, original_hash, name, content_type, size_bytes, width, height, alt)
  select md5(n::text), md5(n::text), 'picture-' || n || '.jpg', 'image/jpeg', 200000, 1600, 900,
         case when n = 77 then 'Zanzibar' else 'Picture ' || n end
  from generate_series(1, :posts / 2) n;
insert into reference (entry_id, kind, target, to_media_id)
  select entry.id, 'image', media.name, media.id from entry join media on media.id = entry.id % (:posts / 2) + 1;
insert into redirect (path, entry_id) select '/former/' || id, id from entry;
insert into audit_event (account_id, account_name, action, subject, at)
  select (select id from account), 'ada', 'entry.published', coalesce(title, ''), published_at from entry;
insert into job (kind, payload, failed_at, error, attempts)
  select 'mail.send', '{}', now(), 'refused', 8 from generate_series(1, 200);
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of what grows; conversations and pictures grow with it."""

    posts: int
    comments: int
    tags: int


def grow(database: Database, size: Size) -> str:
    """Make a site of this size in an empty database, and return the cookie of its owner."""
    bring_up_to_date(database.engine)
    with database.transaction() as session:
        token = _owner(session)
        fill(session, TEMPLATES)
    with database.transaction() as session:
        # Nothing listens yet: telling of each of these rows would take most of the time.
        _let_triggers(session, "disable")
        session.execute(text("create temporary table template on commit drop as" + _TEMPLATE))
        given = {"posts": size.posts, "comments": size.comments, "tags": size.tags, "templates": TEMPLATES}
        for statement in filter(str.strip, FILL.split(";\n")):
            session.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})
        for table in ("entry", "response"):
            session.execute(text(f"select setval('{table}_id_seq', (select max(id) from {table}))"))
        session.execute(text("set constraints all immediate"))
        _let_triggers(session, "enable")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    database.dispose()
    return token


def _let_triggers(session: Session, change: str) -> None:
    for table in ("entry", "entry_tag", "byline", "response", "media"):
        session.execute(text(f"alter table {table} {change} trigger user"))


_TEMPLATE = " select *, id - (select min(id) from entry) as place, to_tsvector('simple', source) as words from entry"


def _owner(session: Session) -> str:
    author = Author(name="Ada Example", slug="ada")
    session.add(author)
    session.flush()
    account = Account(name="ada", role="owner", author_id=author.id)
    session.add(account)
    session.flush()
    return open_sign_in(session, account.id, method="password")
