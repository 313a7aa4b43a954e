from flask import Flask, url_for

from homeport.web.routes import Route


def make_app() -> Flask:
    app = Flask("routes")
    app.url_rule_class = Route
    app.add_url_rule("/tags/<slug>/<int:number>", "tag", lambda slug, number: f"{slug} {number}")
    return app


def builder_of(app: Flask) -> str:
    [route] = app.url_map.iter_rules("tag")
    return str(route._build_unknown.__qualname__)


def test_an_address_is_built_like_any_other():
    with make_app().test_request_context():
        assert url_for("tag", slug="a b", number=3) == "/tags/a%20b/3"
        assert url_for("tag", slug="x", number=4, page=2) == "/tags/x/4?page=2"


def test_a_route_is_found_without_a_builder():
    app = make_app()
    before = builder_of(app)
    assert app.test_client().get("/tags/blue/7").text == "blue 7"
    assert builder_of(app) == before


def test_a_builder_is_compiled_once():
    app = make_app()
    before = builder_of(app)
    with app.test_request_context():
        url_for("tag", slug="x", number=1)
        compiled = builder_of(app)
        assert compiled != before
        url_for("tag", slug="y", number=2)
        assert builder_of(app) == compiled
