"""Sets of archives downloaded with Keras's real `get_file`, from a server on this computer."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from core.data import archived_texts, cifar, load, registry
from core.data import download as downloading
from core.data.download import download
from core.data.published import Published
from core.errors import DatasetUnavailable
from core.experiment import Data
from tests.data.test_fashion_download import server  # noqa: F401  # a fixture

CONTENT = b'{"the": 1}'


def small(algorithm: str, content: bytes = CONTENT) -> Published:
    """A set of one file, with the hash of `content`."""
    return Published(
        title="Small",
        unpacked="small",
        sizes={"words.json": len(CONTENT)},
        instead="choose another",
        hashes={"words.json": hashlib.new(algorithm, content).hexdigest()},
    )


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_file_of_the_right_hash_is_kept(server, algorithm):  # noqa: F811
    (server.folder / "words.json").write_bytes(CONTENT)
    found = small(algorithm)
    download(found)
    assert (found.cache / "words.json").read_bytes() == CONTENT


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_file_of_another_hash_is_refused_and_not_kept(server, algorithm):  # noqa: F811
    (server.folder / "words.json").write_bytes(CONTENT)
    found = small(algorithm, b"something else")
    with pytest.raises(DatasetUnavailable, match="could not be downloaded"):
        download(found)
    assert not (found.cache / "words.json").exists()


@pytest.mark.parametrize("name", ["cifar10", "imdb"])
def test_training_gets_what_was_downloaded(
    name,
    server,  # noqa: F811
    small_cifar,
    small_texts,
    home,
    monkeypatch,
):
    (small_cifar if name == "cifar10" else small_texts)(name)
    published = {**cifar.PUBLISHED, **archived_texts.PUBLISHED}[name]
    expected = load(Data(dataset=name), 0)
    registry.forget()
    hashes = {}
    for file in published.sizes:
        content = (published.cache / file).read_bytes()
        (published.cache / file).rename(server.folder / file)
        hashes[file] = hashlib.sha256(content).hexdigest()
    for array in (home / "datasets").rglob("*.npy"):
        array.unlink()
    served = replace(published, hashes=hashes, origin=downloading.ORIGIN)
    monkeypatch.setitem(registry.PUBLISHED, name, served)
    assert not registry.is_local(name)
    found = load(Data(dataset=name), 0)
    assert server.asked == list(published.sizes)
    assert (found.x_train == expected.x_train).all()
