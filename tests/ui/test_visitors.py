"""Telling visitors apart: the cookie, its signature, the server's secret, and who is signed in."""

from __future__ import annotations

import asyncio
import stat
from concurrent.futures import ProcessPoolExecutor
from http.cookies import SimpleCookie

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import StoreUnavailable
from core.settings import settings
from core.ui import secret, visitors
from tests.ui.conftest import TIMEOUT_S

PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture(autouse=True)
def _no_secret_is_set(monkeypatch):
    monkeypatch.delenv("EPOCHSCOPE_SECRET", raising=False)


def answer(headers, kind="http", scheme="http", status=200):
    """The headers of the answer to a request through the middleware."""
    sent = []

    async def page(_scope, _receive, send):
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"cache-control", b"public"), (b"etag", b"x")],
            }
        )

    async def keep(message):
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "scheme": scheme, "path": "/", "query_string": b"", "headers": raw}
    asyncio.run(visitors.VisitorCookies(page)(scope, None, keep))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def given(headers, **how):
    """The cookie an answer gives, if it does."""
    found = SimpleCookie(answer(headers, **how).get("set-cookie", ""))
    return found.get(visitors.cookie_name())


def brought(value):
    return {**PAGE, "cookie": f"other=1; {visitors.cookie_name()}={value}"}


def test_first_page_brings_a_cookie_that_scripts_and_other_sites_do_not_get():
    cookie = given(PAGE)
    assert visitors.read_cookie(cookie.value).startswith("browser-")
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert int(cookie["max-age"]) > 300 * 24 * 60 * 60
    assert not cookie["secure"]


@pytest.mark.parametrize(
    "how", [{"scheme": "https"}, {"headers": {"x-forwarded-proto": "https, http"}}]
)
def test_cookie_given_over_https_is_only_for_https(how):
    assert given({**PAGE, **how.pop("headers", {})}, **how)["secure"]


def test_page_that_has_not_changed_brings_the_cookie_too():
    assert given(PAGE, status=304)


def test_no_cache_keeps_a_page_with_a_cookie():
    assert answer(PAGE)["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("headers", [{}, {"accept": "*/*"}, {"accept": "image/webp"}])
def test_other_answers_are_left_alone(headers):
    assert answer(headers) == {"cache-control": "public", "etag": "x"}


def test_websocket_is_passed_on():
    assert "set-cookie" not in answer(PAGE, kind="websocket")


def test_two_browsers_are_two_visitors():
    assert given(PAGE).value != given(PAGE).value


def test_visitor_who_comes_again_stays_the_same():
    value = given(PAGE).value
    assert given(brought(value)).value == value


def tampered(value):
    who, _, signature = value.rpartition(".")
    other = visitors.new_cookie().rpartition(".")
    return [
        "",
        who,
        f"{who}.",
        f"{who}x.{signature}",
        f"{who}.{signature[:-2]}xx",
        f"{who}.{other[2]}",
        f"anna.{signature}",
        "." + signature,
        "\x00",
        "é." + signature,
        "x" * 5000,
    ]


def test_tampered_cookie_counts_as_none():
    for value in tampered(visitors.new_cookie()):
        assert visitors.read_cookie(value) is None, value


def test_tampered_cookie_is_replaced():
    for value in tampered(visitors.new_cookie())[1:8]:
        found = given(brought(value)).value
        assert found != value
        assert visitors.read_cookie(found)


@pytest.mark.parametrize("value", [None, 3, b"bytes", ["x"]])
def test_what_is_no_text_is_no_cookie(value):
    assert visitors.read_cookie(value) is None


def test_cookie_of_another_server_is_neither_read_nor_replaced(monkeypatch):
    name, value = visitors.cookie_name(), visitors.new_cookie()
    monkeypatch.setenv("EPOCHSCOPE_SECRET", "another server's secret, long enough")
    assert visitors.read_cookie(value) is None
    assert visitors.cookie_name() != name


def test_secret_that_is_set_is_used_and_none_is_written(monkeypatch, home):
    monkeypatch.setenv("EPOCHSCOPE_SECRET", "a secret")
    assert secret.server_secret(settings()) == "a secret"
    assert not (home / "secret").exists()
    assert "a secret" not in repr(settings())


def test_secret_is_made_once_and_for_its_owner_alone(home):
    made = secret.kept_secret(home / "secret")
    assert len(made) >= secret.LENGTH
    assert secret.kept_secret(home / "secret") == made
    assert stat.S_IMODE((home / "secret").stat().st_mode) == 0o600
    assert [file.name for file in home.iterdir()] == ["secret"]


def test_processes_that_start_together_agree_on_one_secret(home):
    file = home / "new" / "secret"
    with ProcessPoolExecutor(4) as processes:
        found = set(processes.map(secret.kept_secret, [file] * 40))
    assert len(found) == 1


def test_process_that_is_overtaken_takes_the_others_secret(home, monkeypatch):
    file = home / "secret"
    theirs = "y" * secret.LENGTH

    def overtaken(_source, _target):
        file.write_text(theirs)
        raise FileExistsError

    monkeypatch.setattr(secret.os, "link", overtaken)
    assert secret.kept_secret(file) == theirs


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 60])
def test_spoilt_secret_is_refused_and_the_server_goes_on_with_another(home, content):
    (home / "secret").write_bytes(content)
    with pytest.raises(StoreUnavailable, match="set EPOCHSCOPE_SECRET"):
        secret.kept_secret(home / "secret")
    value = visitors.new_cookie()
    assert visitors.read_cookie(value)
    assert len(secret.server_secret(settings())) >= secret.LENGTH


def test_folder_that_cannot_be_written_is_explained(home):
    (home / "file").write_text("no folder")
    with pytest.raises(StoreUnavailable, match="Make its folder writable"):
        secret.kept_secret(home / "file" / "secret")


def who():
    import streamlit as st

    from core.ui import visitors

    st.text(visitors.visitor())


def seen_as(cookie=None, monkeypatch=None, **user):
    if cookie is not None:
        monkeypatch.setattr(visitors, "_cookie_brought", lambda: cookie)
    app = AppTest.from_function(who)
    app.user = user
    app.run(timeout=TIMEOUT_S)
    assert not app.exception
    return app.text[0].value


def test_without_a_cookie_the_session_is_the_visitor():
    app = AppTest.from_function(who).run(timeout=TIMEOUT_S)
    first = app.text[0].value
    assert first.startswith("session-")
    assert app.run().text[0].value == first != seen_as()


def test_cookie_comes_before_the_session(monkeypatch):
    value = visitors.new_cookie()
    assert seen_as(value, monkeypatch) == visitors.read_cookie(value)
    assert seen_as("forged." + value, monkeypatch).startswith("session-")


def test_signed_in_user_comes_before_the_cookie_and_is_the_same_everywhere(monkeypatch):
    user = {"is_logged_in": True, "iss": "https://issuer.example", "sub": "7", "email": "a@b.c"}
    first = seen_as(**user)
    assert first.startswith("user-") and len(first) <= 64
    assert seen_as(visitors.new_cookie(), monkeypatch, **user) == first
    assert seen_as(**{**user, "email": "new@b.c"}) == first
    assert seen_as(**{**user, "sub": "8"}) != first
    assert seen_as(**{**user, "iss": "https://other.example"}) != first
    assert "a@b.c" not in first


def met_once():
    import streamlit as st

    from core.ui import visitors

    if "met" not in st.session_state:
        visitors.meet()
        st.session_state["met"] = True
    st.text(visitors.visitor())


def test_browser_that_takes_up_the_session_of_another_is_not_taken_for_it(monkeypatch):
    anna, ben = visitors.new_cookie(), visitors.new_cookie()
    monkeypatch.setattr(visitors, "_cookie_brought", lambda: anna)
    app = AppTest.from_function(met_once).run(timeout=TIMEOUT_S)
    assert app.text[0].value == visitors.read_cookie(anna)
    monkeypatch.setattr(visitors, "_cookie_brought", lambda: ben)
    assert app.run().text[0].value == visitors.read_cookie(ben)


def test_visitor_who_was_met_is_not_asked_for_again(monkeypatch):
    monkeypatch.setattr(visitors, "_cookie_brought", lambda: None)
    app = AppTest.from_function(met_once).run(timeout=TIMEOUT_S)
    monkeypatch.setattr(visitors, "_signed_in", lambda: pytest.fail("asked again"))
    assert app.run().text[0].value.startswith("session-")


def test_user_without_a_subject_is_known_by_e_mail():
    assert seen_as(is_logged_in=True, email="a@b.c") == seen_as(is_logged_in=True, email="a@b.c")
    assert seen_as(is_logged_in=True, email="a@b.c") != seen_as(is_logged_in=True, email="d@b.c")


@pytest.mark.parametrize(
    "user", [{"email": "a@b.c"}, {"is_logged_in": False, "email": "a@b.c"}, {"is_logged_in": True}]
)
def test_who_is_not_signed_in_is_no_user(user):
    assert seen_as(**user).startswith("session-")


def test_user_a_trusted_proxy_names_is_signed_in(monkeypatch):
    monkeypatch.setattr(visitors.st, "get_option", lambda _name: {"X-Email": "email"})
    assert seen_as(email="a@b.c").startswith("user-")
