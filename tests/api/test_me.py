"""What a token says of itself."""

from homeport.accounts.permissions import Permission


def test_it_names_its_account_and_what_both_allow(make_program):
    program = make_program("editor", Permission.WRITE)
    me = program.get("/me").json
    assert (me["name"], me["role"], me["scopes"], me["token"]) == (
        program.member.name,
        "editor",
        ["write"],
        "a program",
    )
    assert me["expires_at"] is not None
    assert me["site"] == {"title": "My site", "url": "", "language": "en", "time_zone": "UTC"}


def test_without_a_token_it_says_nothing(client):
    assert client.get("/api/v1/me").status_code == 401
