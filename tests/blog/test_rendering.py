import pytest

from homeport.blog.rendering import RenderOptions, Target, rerender_entries
from tests.factories.blog import make_entry


@pytest.mark.parametrize("title", ["Hello, World", "hello, world"])
def test_a_text_does_not_repeat_its_title_when_it_is_rendered_again_either(session, title):
    entry = make_entry(session, title=title, source="# Hello, World\n\n## Part\n")
    first = entry.html
    assert "Hello" not in first
    session.flush()
    entry.html = ""
    rerender_entries(session, [entry.id], RenderOptions())
    assert entry.html == first
    assert [item["text"] for item in entry.outline] == ["Part"]


def test_a_tag_of_another_tool_leads_where_the_reference_table_says(session):
    aim = make_entry(session, slug="aim", title="Aim")
    written = '{{< ref "aim.md" >}}#part'
    entry = make_entry(
        session, slug="from", source=f"[a]({written})", targets={("link", written): Target(entry_id=aim.id)}
    )
    assert f'href="{aim.path}#part"' in entry.html
    session.flush()
    aim.path = "/moved"
    session.flush()
    rerender_entries(session, [entry.id], RenderOptions())
    assert 'href="/moved#part"' in entry.html
