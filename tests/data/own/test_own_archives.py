"""Archives of other makes: tar files, zips of zips, and zips of arrays; and hostile ones."""

from __future__ import annotations

import tarfile
import zipfile

import numpy as np
import pytest

from core.data import own
from core.errors import UnusableUpload
from tests.data.own.own_files import pictures, tar_bytes, zip_bytes

RGB = own.ImageChoices(8, "rgb")


def everything(made) -> list[tuple[bytes, int]]:
    x = np.concatenate([made.x_train, made.x_test])
    y = np.concatenate([made.y_train, made.y_test])
    return sorted((image.tobytes(), label) for image, label in zip(x, y.tolist(), strict=True))


@pytest.mark.parametrize(
    ("mode", "ending"),
    [("w", "tar"), ("w:gz", "tar.gz"), ("w:gz", "TGZ"), ("w:bz2", "tar.bz2"), ("w:xz", "tar.xz")],
)
def test_tar_is_read_as_a_zip_of_the_same_files(made, looked, mode, ending):
    files = pictures() | {"./main/.DS_Store": b"x", "main/._dark": b"x"}
    content = tar_bytes(files, mode)
    own_set = made(content, f"a.b.{ending}", RGB)
    assert own_set.facts.classes == ("dark", "light")
    assert everything(own_set) == everything(made(zip_bytes(pictures()), "a.zip", RGB))
    assert looked(content, f"a.{ending}").classes == (("dark", 12), ("light", 12))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (tar_bytes(pictures(), type=tarfile.SYMTYPE, linkname="/etc/passwd"), "is a link"),
        (tar_bytes(pictures(), type=tarfile.LNKTYPE, linkname="main/dark/001.png"), "is a link"),
        (tar_bytes(pictures(), type=tarfile.CHRTYPE), "is a link to another file, or no file"),
        (tar_bytes(pictures(), name="../../evil.png"), "leads out of the archive"),
        (tar_bytes(pictures(), name="/etc/evil.png"), "leads out of the archive"),
        (tar_bytes(pictures())[:5_000], "is damaged"),
        (tar_bytes(pictures(), "w:gz")[:-60], "is damaged"),
        (tar_bytes(pictures() | {"main/dark/b.bmp": bytes(60 * 2**20)}, "w:gz"), "zip bomb"),
    ],
)
def test_dangerous_tar_is_refused(looked, content, told):
    name = "a.tar.gz" if content.startswith(b"\x1f\x8b") else "a.tar"
    with pytest.raises(UnusableUpload, match=told):
        looked(content, name)


def test_tar_beyond_the_limits_is_refused(looked):
    with pytest.raises(UnusableUpload, match="or 20 files, the most that are allowed"):
        looked(tar_bytes(pictures()), "a.tar", files=20)


def test_zips_of_classes_in_a_zip_are_folders(made):
    inside = {"dark": {}, "light": {}}
    for name, content in pictures().items():
        _, label, file = name.split("/")
        inside[label][file] = content
    files = {f"{label}.zip": zip_bytes(content) for label, content in inside.items()}
    own_set = made(zip_bytes(files | {"readme.txt": b"x"}), "a.zip", RGB)
    assert own_set.facts.classes == ("dark", "light")
    assert everything(own_set) == everything(made(zip_bytes(pictures()), "a.zip", RGB))
    assert "Not looked at, as they are no images: 1 file (.txt)." in own_set.said


def test_zips_of_parts_in_a_zip_are_parts(made):
    train = {f"train/{name[5:].replace('/', '.')}": image for name, image in pictures(40).items()}
    test = {f"test/{name[5:].replace('/', '.')}": image for name, image in pictures(12).items()}
    files = {"train.zip": zip_bytes(train), "test.zip": zip_bytes(test)}
    own_set = made(zip_bytes(files), "dogs-vs-cats.zip", RGB)
    assert own_set.facts.classes == ("dark", "light")
    assert (own_set.facts.train_size, own_set.facts.test_size) == (40, 12)


def test_bomb_in_a_zip_in_a_zip_is_refused(looked):
    bomb = zip_bytes({"a/b.bmp": bytes(60 * 2**20)}, zipfile.ZIP_DEFLATED)
    with pytest.raises(UnusableUpload, match="as a zip bomb does"):
        looked(zip_bytes({"a.zip": bomb}), "a.zip")


def test_zip_of_very_many_files_is_read(looked):
    many = {f"main/notes/{n}.json": b"" for n in range(60_000)}
    look = looked(zip_bytes(pictures() | many), "a.zip")
    assert look.classes == (("dark", 12), ("light", 12))
    assert "Not looked at, as they are no images: 60,000 files (.json)." in look.warnings
