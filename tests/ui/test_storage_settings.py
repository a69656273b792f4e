"""What a visitor reads when the variables for database and artifacts cannot be used."""

from __future__ import annotations

import pytest

from core.ui import platform


def test_page_says_which_database_urls_are_allowed(visit, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_DATABASE_URL", "mysql://user:secret@host/runs")
    app = visit()
    assert not app.exception
    [error] = app.error
    assert error.value.startswith("EPOCHSCOPE_DATABASE_URL is a URL of 'mysql'. Allowed are")
    assert "secret" not in error.value


def test_page_says_which_artifact_urls_are_allowed(visit, add_run, monkeypatch):
    run = add_run()
    monkeypatch.setenv("EPOCHSCOPE_ARTIFACTS_URL", "ftpp://host/folder")
    app = visit("confusion_matrix", run=run.id)
    assert not app.exception
    assert "EPOCHSCOPE_ARTIFACTS_URL is a URL of 'ftpp'" in app.error[0].value


@pytest.mark.parametrize("page", ["train", "history"])
def test_page_says_that_the_database_server_cannot_be_reached(visit, monkeypatch, page):
    url = "postgresql://user:secret@127.0.0.1:9/runs"
    monkeypatch.setenv("EPOCHSCOPE_DATABASE_URL", url)
    app = visit(page)
    assert not app.exception
    assert app.error[0].value.startswith("The run database does not answer.")
    for detail in ("secret", "user", "127.0.0.1"):
        assert detail not in app.error[0].value


def test_app_runs_on_postgresql_and_s3(visit, postgresql, s3, monkeypatch):
    with postgresql.database() as url:
        monkeypatch.setenv("EPOCHSCOPE_DATABASE_URL", url)
        monkeypatch.setenv("EPOCHSCOPE_ARTIFACTS_URL", f"s3://{s3.bucket()}/artifacts")
        app = visit()
        train = next(button for button in app.sidebar.button if button.label == "Train")
        train.click().run()
        assert not app.exception
        assert not app.error
        assert len(platform.store().recent()) == 1
        platform.store().close()
