"""Downloading with Keras's real `get_file`, from a server on this computer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from core.data import download as downloading
from core.data import fashion, load
from core.data.download import DownloadProgress, download
from core.data.registry import fetch
from core.errors import DatasetUnavailable
from core.experiment import Data

FULL = Data(dataset="fashion_mnist")
TRAIN_IMAGES = "train-images-idx3-ubyte.gz"


class StopPressed(Exception):
    pass


@dataclass
class Server:
    """Serves a folder; of `held` it sends half, and the rest once `release` is set."""

    folder: Path
    held: str = ""
    release: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server(published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    published(tmp_path / "served")
    state = Server(tmp_path / "served")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/")
            state.asked.append(name)
            if not (state.folder / name).exists():
                self.send_error(404)
                return
            content = (state.folder / name).read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            half = len(content) // 2 if name == state.held else 0
            self.wfile.write(content[:half])
            if half:
                state.release.wait(10)
            self.wfile.write(content[half:])

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(downloading, "INTERVAL_S", 0.01)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        monkeypatch.setattr(downloading, "ORIGIN", f"http://127.0.0.1:{http.server_port}/")
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield state
        state.release.set()
        http.shutdown()


def refusal() -> str:
    with pytest.raises(DatasetUnavailable) as caught:
        download(fashion.PUBLISHED)
    return str(caught.value)


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_downloaded_files_are_the_served_ones(server):
    download(fashion.PUBLISHED)
    assert files_in(fashion.PUBLISHED.cache) == files_in(server.folder)


def test_training_gets_what_was_downloaded(server, small_card):
    data = load(FULL, 0)
    assert data.x_test.shape == (20, 28, 28, 1)
    assert len(server.asked) == 4


def test_set_that_is_local_is_not_downloaded(server, small_card, published):
    published(fashion.DEBIAN)
    fetch("fashion_mnist")
    assert server.asked == []


def test_incomplete_folder_is_fetched_anew(server):
    fashion.PUBLISHED.cache.mkdir(parents=True)
    (fashion.PUBLISHED.cache / TRAIN_IMAGES).write_bytes(b"the start of a broken download")
    download(fashion.PUBLISHED)
    assert files_in(fashion.PUBLISHED.cache) == files_in(server.folder)


def test_progress_is_reported_while_a_file_grows(server):
    server.held = TRAIN_IMAGES
    seen: list[DownloadProgress] = []

    def on_download(progress: DownloadProgress) -> None:
        seen.append(progress)
        if progress.file == TRAIN_IMAGES and progress.received_bytes:
            server.release.set()

    download(fashion.PUBLISHED, on_download)
    whole = (server.folder / TRAIN_IMAGES).stat().st_size
    received = [progress.received_bytes for progress in seen if progress.file == TRAIN_IMAGES]
    assert any(0 < size < whole for size in received)
    assert received == sorted(received)
    assert received[-1] == whole


def test_progress_counts_the_four_files(server):
    seen: list[DownloadProgress] = []
    download(fashion.PUBLISHED, seen.append)
    assert list(dict.fromkeys((progress.index, progress.files) for progress in seen)) == [
        (1, 4),
        (2, 4),
        (3, 4),
        (4, 4),
    ]
    assert {progress.total_bytes for progress in seen} == set(fashion.PUBLISHED.sizes.values())


def test_progress_is_reported_in_the_calling_thread(server):
    threads = set()
    download(fashion.PUBLISHED, lambda _: threads.add(threading.current_thread()))
    assert threads == {threading.current_thread()}


def test_raising_from_the_callback_ends_the_wait(server):
    server.held = TRAIN_IMAGES

    def on_download(progress: DownloadProgress) -> None:
        if progress.file == TRAIN_IMAGES:
            raise StopPressed

    with pytest.raises(StopPressed):
        download(fashion.PUBLISHED, on_download)
    assert not (fashion.PUBLISHED.cache / TRAIN_IMAGES).exists()
    assert not server.release.is_set()


def test_abandoned_download_clears_up_behind_itself(server):
    server.held = TRAIN_IMAGES

    def on_download(progress: DownloadProgress) -> None:
        if progress.received_bytes and progress.file == TRAIN_IMAGES:
            raise StopPressed

    with pytest.raises(StopPressed):
        download(fashion.PUBLISHED, on_download)
    server.release.set()
    for thread in threading.enumerate():
        if thread.name == f"download of {TRAIN_IMAGES}":
            thread.join(10)
    assert {file.name for file in fashion.PUBLISHED.cache.iterdir()} == {
        "train-labels-idx1-ubyte.gz",
        TRAIN_IMAGES,
    }


def test_two_downloads_at_once_do_not_mix(server):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: download(fashion.PUBLISHED), range(2)))
    assert files_in(fashion.PUBLISHED.cache) == files_in(server.folder)


def test_no_network_names_the_folders_and_the_bundled_set(server, monkeypatch):
    monkeypatch.setattr(downloading, "ORIGIN", "http://127.0.0.1:1/")
    text = refusal()
    assert "refused" in text
    assert all(str(folder) in text for folder in fashion.PUBLISHED.folders())
    assert "Fashion-MNIST 10k (bundled)" in text


def test_file_missing_on_the_server_is_told(server):
    (server.folder / TRAIN_IMAGES).unlink()
    assert "404" in refusal()


def test_failed_download_leaves_no_partial_folder(server):
    (server.folder / "train-labels-idx1-ubyte.gz").unlink()
    refusal()
    assert list(fashion.PUBLISHED.cache.iterdir()) == []


def test_connection_that_stalls_is_given_up(server, monkeypatch):
    server.held = TRAIN_IMAGES
    monkeypatch.setattr(downloading, "PATIENCE_S", 0.1)
    assert f"nothing of {TRAIN_IMAGES} arrived" in refusal()


def test_cache_that_cannot_be_written_is_told(server, tmp_path):
    (tmp_path / "keras").write_text("a file where the folder should be")
    assert "Not a directory" in refusal()


def test_origin_is_the_one_keras_uses():
    import inspect

    from keras.src.datasets.fashion_mnist import load_data

    source = inspect.getsource(load_data)
    assert downloading.ORIGIN in source
    assert all(name in source for name in fashion.PUBLISHED.sizes)


def test_download_names_the_files_that_are_looked_for():
    assert set(fashion.PUBLISHED.sizes) == set(fashion.FILES.values())


def test_served_images_survive_the_whole_way(server, small_card, published, tmp_path):
    arrays = published(tmp_path / "again")
    data = load(FULL, 0)
    np.testing.assert_allclose(data.x_test[..., 0], arrays["x_test"] / 255, rtol=1e-6)
