"""Artifacts in S3-compatible storage: what is particular to it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import fsspec
import numpy as np
import pytest

from core.errors import StoreUnavailable
from core.runs import Artifacts, OwnArrays
from tests.runs.racing import ROOT
from tests.s3 import CREDENTIALS

SAVE = """
import sys
from pathlib import Path
from core.runs import Artifacts
Artifacts(sys.argv[1]).save_file("run", "model.keras", Path(sys.argv[2]))
"""


@pytest.fixture
def url(s3) -> str:
    return f"s3://{s3.bucket()}/folder"


def in_another_process(s3, url: str, source) -> None:
    """Save `source`, told where the storage is by environment variables alone."""
    source.write_bytes(b"weights")
    subprocess.run(
        [sys.executable, "-c", SAVE, url, source],
        cwd=ROOT,
        env={**os.environ, **CREDENTIALS, "FSSPEC_S3_ENDPOINT_URL": s3.endpoint},
        check=True,
        timeout=60,
    )


def test_endpoint_and_credentials_come_from_the_environment(s3, url, tmp_path):
    in_another_process(s3, url, tmp_path / "source")
    assert Artifacts(url).read_file("run", "model.keras") == b"weights"


def test_what_another_process_saved_is_seen_after_a_look_that_found_nothing(s3, url, tmp_path):
    artifacts = Artifacts(url)
    assert artifacts.files("run") == {}
    assert not artifacts.has_file("run", "model.keras")
    in_another_process(s3, url, tmp_path / "source")
    assert artifacts.files("run") == {"model.keras": 7}
    assert artifacts.has_file("run", "model.keras")


def test_file_is_put_where_it_belongs_and_not_moved(url, monkeypatch):
    def refuse(*_):
        raise AssertionError("On S3, to move is to copy.")

    artifacts = Artifacts(url)
    monkeypatch.setattr(artifacts.files_at, "mv", refuse)
    artifacts.save("run", "group", {"x": np.zeros(3)})
    assert artifacts.has("run", "group")


def test_bucket_holds_the_files_alone(url):
    artifacts = Artifacts(url)
    artifacts.save("run", "group", {"x": np.zeros(3)})
    assert [name.split("/", 1)[1] for name in fsspec.filesystem("s3").find(url)] == [
        "folder/run/group.npz"
    ]


def test_bucket_that_is_not_there_is_told_and_not_made(s3):
    artifacts = Artifacts("s3://no-such-bucket/folder")
    with pytest.raises(StoreUnavailable) as caught:
        artifacts.save("run", "group", {"x": np.zeros(3)})
    assert "no-such-bucket" not in str(caught.value)
    assert re.search(r"no-such-bucket/folder.*does not exist.*exists", caught.value.cause)
    assert not fsspec.filesystem("s3").exists("no-such-bucket")


@pytest.fixture
def unreachable(url, monkeypatch) -> Artifacts:
    from s3fs import S3FileSystem

    nobody = {
        "endpoint_url": "http://127.0.0.1:9",
        "config_kwargs": {"retries": {"max_attempts": 0}},
    }
    monkeypatch.setitem(fsspec.config.conf, "s3", nobody)
    monkeypatch.setattr(S3FileSystem, "retries", 1)
    return Artifacts(url)


ASKED = {
    "save": lambda artifacts: artifacts.save("run", "group", {"x": np.zeros(3)}),
    "load": lambda artifacts: artifacts.load("run", "group"),
    "remove": lambda artifacts: artifacts.remove("run", "group"),
    "save_file": lambda artifacts: artifacts.save_file("run", "model.keras", Path(__file__)),
    "remove own data": lambda artifacts: OwnArrays(artifacts).remove("0" * 64),
    "has": lambda artifacts: artifacts.has("run", "group"),
    "files": lambda artifacts: artifacts.files("run"),
    "read_file": lambda artifacts: artifacts.read_file("run", "model.keras"),
    "has_file": lambda artifacts: artifacts.has_file("run", "model.keras"),
}


@pytest.mark.parametrize("ask", ASKED)
def test_storage_that_does_not_answer_is_told(unreachable, ask):
    with pytest.raises(StoreUnavailable, match="does not answer") as caught:
        ASKED[ask](unreachable)
    assert "127.0.0.1" not in str(caught.value)
    assert "Could not connect to the endpoint" in caught.value.cause
    assert CREDENTIALS["AWS_SECRET_ACCESS_KEY"] not in caught.value.cause


def test_storage_that_refuses_is_told_as_it_is(url, monkeypatch):
    def refuse(*_):
        raise PermissionError("Forbidden")

    artifacts = Artifacts(url)
    monkeypatch.setattr(artifacts.files_at, "cat_file", refuse)
    with pytest.raises(StoreUnavailable, match="may not be read or written by this server"):
        artifacts.read_file("run", "model.keras")


@pytest.mark.parametrize("url", ["nonsense://x", "http+nope://bucket/folder", "gs://bucket/folder"])
def test_url_where_nothing_can_be_kept_is_refused(url):
    with pytest.raises(StoreUnavailable) as caught:
        Artifacts(url)
    text = str(caught.value)
    assert f"EPOCHSCOPE_ARTIFACTS_URL is a URL of {url.partition(':')[0]!r}" in text
    assert "Allowed are file:///folder and s3://bucket/folder" in text
