import pytest

from tests.factories.blog import make_draft
from tests.factories.members import sign_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def entry(session, client):
    sign_in(session, client, "owner")
    return make_draft(session)


def url_of(entry):
    return f"/studio/entries/{entry.public_id}"


def test_a_form_makes_a_link_and_another_withdraws_it(client, entry):
    assert client.post(f"{url_of(entry)}/share", data={"days": "7"}).status_code == 303
    (link,) = client.get(f"{url_of(entry)}/share").json["links"]
    assert link["path"] in client.get(url_of(entry)).text
    assert client.post(f"{url_of(entry)}/share/{link['number']}/withdraw").status_code == 303
    assert client.get(f"{url_of(entry)}/share").json["links"] == []


def test_the_script_is_given_the_link(client, entry):
    answer = client.post(f"{url_of(entry)}/share", json={"days": None}, headers=JSON)
    assert answer.status_code == 201
    assert (answer.json["expires_at"], client.get(answer.json["path"]).status_code) == (None, 200)


@pytest.mark.parametrize("days", ["2", "x", "-1", "٧"])
def test_other_lives_are_refused(client, entry, days):
    assert client.post(f"{url_of(entry)}/share", data={"days": days}).status_code == 422


def test_somebody_elses_entry_is_not_shared(session, app, entry):
    other = app.test_client()
    sign_in(session, other, "author")
    assert other.get(f"{url_of(entry)}/share").status_code == 403
    assert other.post(f"{url_of(entry)}/share").status_code == 403
    assert other.post(f"{url_of(entry)}/share/1/withdraw").status_code == 403
