"""What tests keep for the next one changes no answer: applications share what their addresses were made into."""

from flask import Flask
from werkzeug.routing import Rule

from tests.warm_routes import KnownMap


def made(*paths: str) -> Flask:
    app = Flask("one")
    for path in paths:
        app.add_url_rule(path, path, lambda: "here", methods=["GET"])
    return app


def status(app: Flask, path: str) -> int:
    return app.test_client().get(path).status_code


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_two_applications_of_the_same_addresses_bind_them_once() -> None:
    one, other, another = made("/a", "/b"), made("/a", "/b"), made("/a", "/c")
    assert isinstance(one.url_map, KnownMap)
    assert [status(app, "/b") for app in (one, other, another)] == [200, 200, 404]
    assert all(this is that for this, that in zip(rules(one), rules(other), strict=True))
    assert not any(this is that for this in rules(one) for that in rules(another))


def test_an_address_that_one_adds_later_is_not_another_s() -> None:
    one, other = made("/d"), made("/d")
    assert [status(one, "/d"), status(other, "/d")] == [200, 200]
    one._got_first_request = False  # noqa: SLF001 -- Flask takes no more routes once it has answered; a test may
    one.add_url_rule("/e", "/e", lambda: "there")
    assert [status(one, path) for path in ("/d", "/e")] == [200, 200]
    assert status(other, "/e") == 404
    assert status(made("/d"), "/e") == 404
    options = one.test_client().options("/d")
    assert options.status_code == 200
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
