"""Settings: what the environment says, and what holds where it says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InvalidSetting
from core.limits import OwnLimits
from core.settings import Settings, settings

URLS = {
    "DATABASE_URL": "postgresql://user@host/runs",
    "ARTIFACTS_URL": "s3://bucket/folder",
    "SCHEDULER": "tcp://host:8786",
}


def test_everything_is_at_home_unless_said_otherwise(tmp_path):
    found = Settings(home=tmp_path, data_dir=None, workers=1)
    assert found.database_url == f"sqlite:///{tmp_path}/runs.sqlite3"
    assert found.artifacts_url == f"file://{tmp_path}/artifacts"
    assert found.scheduler is None


@pytest.mark.parametrize("name", URLS)
def test_variable_is_read(monkeypatch, name):
    monkeypatch.setenv(f"EPOCHSCOPE_{name}", f" {URLS[name]}\n")
    assert getattr(settings(), name.lower()) == URLS[name]


@pytest.mark.parametrize("name", URLS)
def test_empty_variable_is_none(monkeypatch, name):
    without = settings()
    monkeypatch.setenv(f"EPOCHSCOPE_{name}", " ")
    assert settings() == without


def test_home_is_where_its_variable_says(monkeypatch, tmp_path):
    monkeypatch.setenv("EPOCHSCOPE_HOME", str(tmp_path / "here"))
    assert settings().home == tmp_path / "here"
    assert Path(settings().database_url.removeprefix("sqlite:///")).parent == tmp_path / "here"


def test_own_data_have_limits_unless_said_otherwise():
    assert settings().own == OwnLimits(upload_mb=200, quota_mb=1_000, total_mb=20_000, days=30)


def test_limits_of_own_data_are_read(monkeypatch):
    for name, value in {"UPLOAD_MB": "5", "QUOTA_MB": "6", "TOTAL_MB": "7", "DAYS": "8"}.items():
        monkeypatch.setenv(f"EPOCHSCOPE_OWN_{name}", value)
    assert settings().own == OwnLimits(5, 6, 7, 8)


@pytest.mark.parametrize("given", ["0", "-1", "many", "1e3"])
def test_malformed_limit_of_own_data_is_explained(monkeypatch, given):
    monkeypatch.setenv("EPOCHSCOPE_OWN_DAYS", given)
    with pytest.raises(InvalidSetting, match="EPOCHSCOPE_OWN_DAYS"):
        settings()


@pytest.mark.parametrize(("given", "expected"), [(None, 19), ("", 19), ("0", 0), ("7", 7)])
def test_niceness_is_read(monkeypatch, given, expected):
    monkeypatch.delenv("EPOCHSCOPE_NICENESS")
    if given is not None:
        monkeypatch.setenv("EPOCHSCOPE_NICENESS", given)
    assert settings().niceness == expected


@pytest.mark.parametrize("given", ["20", "-1", "very", "1.5"])
def test_malformed_niceness_is_explained(monkeypatch, given):
    monkeypatch.setenv("EPOCHSCOPE_NICENESS", given)
    with pytest.raises(InvalidSetting, match="0 to 19"):
        settings()


@pytest.mark.parametrize(("given", "expected"), [(None, None), (" ", None), ("2700", 2700)])
def test_memory_is_read(monkeypatch, given, expected):
    if given is not None:
        monkeypatch.setenv("EPOCHSCOPE_MEMORY_MB", given)
    assert settings().memory_mb == expected


@pytest.mark.parametrize("given", ["0", "-1", "2.7", "all"])
def test_malformed_memory_is_explained(monkeypatch, given):
    monkeypatch.setenv("EPOCHSCOPE_MEMORY_MB", given)
    with pytest.raises(InvalidSetting, match="EPOCHSCOPE_MEMORY_MB"):
        settings()


def test_settings_that_are_printed_hold_no_password(monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_DATABASE_URL", "postgresql://user:hunter2@host/runs")
    monkeypatch.setenv("EPOCHSCOPE_SECRET", "s3cr3t" * 8)
    assert [word for word in ("hunter2", "s3cr3t") if word in repr(settings())] == []
