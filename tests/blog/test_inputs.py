"""An entry shown as the input that would make it."""

from sqlalchemy.orm import Session

from homeport.blog.actions import find_entry, update_entry
from homeport.blog.inputs import input_of
from homeport.blog.taxonomy import rename_tag
from tests.factories.blog import make_entry


def test_saving_an_entry_as_it_is_changes_nothing(session: Session) -> None:
    make_entry(
        session,
        slug="one",
        subtitle="Sub",
        language="fr",
        tags=("C++", "Sky"),
        authors=("Ada", "Grace"),
        series="Nights",
        series_position=2,
        front_matter="---\nmood: good\n---\n",
        description="About",
    )
    rename_tag(session, "c-plus-plus", "cpp")
    entry = find_entry(session, "one")
    before = input_of(session, entry)
    update_entry(session, entry, before)
    session.expire_all()
    after = input_of(session, find_entry(session, "one"))
    assert after == before
    assert after.tags == ("cpp", "sky")
    assert [author.slug for author in after.authors] == ["ada", "grace"]
    assert entry.path == "/posts/one"
