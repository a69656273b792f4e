"""The process that reads: how it is confined, watched and ended, and what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.data import own
from core.data.own import process
from core.errors import UnusableUpload
from tests.data.own.own_files import csv_bytes, frame, npz_bytes, parquet_bytes, pictures, zip_bytes

ROOT = Path(own.__file__).parents[3]
TABLE = own.TableChoices("y", ("height", "weight", "town"), "classification")
PATIENCE_S = 60


@pytest.fixture
def upload(tmp_path):
    """Puts a file where uploads are."""

    def put(content: bytes) -> Path:
        path = tmp_path / "uploads" / "file"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    return put


@pytest.fixture
def unending(monkeypatch):
    """The reading process is one that never ends by itself."""
    real = subprocess.Popen

    def instead(command, **options):
        return real([sys.executable, "-c", "import time; time.sleep(600)"], **options)

    monkeypatch.setattr(process.subprocess, "Popen", instead)


@pytest.mark.parametrize(
    ("content", "name", "choices"),
    [
        (csv_bytes(frame()), "a.csv", TABLE),
        (parquet_bytes(frame()), "a.parquet", TABLE),
        (zip_bytes(pictures()), "a.zip", own.ImageChoices(8, "rgb")),
        (npz_bytes(x=np.arange(60.0), y=np.arange(60.0)), "a.npz", own.ArraysChoices("regression")),
    ],
)
def test_conversion_leaves_four_arrays_named_by_their_content(
    upload, tmp_path, content, name, choices
):
    folder = tmp_path / "set"
    conversion = own.start(upload(content), name, choices, folder)
    converted = conversion.result()
    assert conversion.done()
    assert conversion.progress() == 1
    assert {path.name for path in folder.iterdir()} == {f"{name}.npy" for name in own.ARRAYS}
    assert converted.size_bytes == sum(path.stat().st_size for path in folder.iterdir())
    assert converted.key == own.content_key(folder, converted.facts)


def test_key_changes_with_any_array(upload, tmp_path):
    converted = own.start(upload(csv_bytes(frame())), "a.csv", TABLE, tmp_path / "set").result()
    for name in own.ARRAYS:
        path = tmp_path / "set" / f"{name}.npy"
        before = path.read_bytes()
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        assert own.content_key(tmp_path / "set", converted.facts) != converted.key
        path.write_bytes(before)


def test_look_leaves_nothing_behind(upload):
    path = upload(csv_bytes(frame()))
    assert own.look(path, "a.csv").kind == "table"
    assert list(path.parent.iterdir()) == [path]


def test_file_that_cannot_be_used_leaves_nothing_behind(upload, tmp_path):
    path = upload(b"\x89PNG")
    with pytest.raises(UnusableUpload, match="PNG image"):
        own.start(path, "a.csv", TABLE, tmp_path / "set").result()
    with pytest.raises(UnusableUpload, match="PNG image"):
        own.look(path, "a.csv")
    assert not (tmp_path / "set").exists()
    assert list(path.parent.iterdir()) == [path]


def test_cancelled_conversion_ends_its_process_and_leaves_nothing(upload, tmp_path, unending):
    conversion = own.start(upload(csv_bytes(frame())), "a.csv", TABLE, tmp_path / "set")
    assert not conversion.done()
    conversion.cancel()
    assert conversion.done()
    assert not (tmp_path / "set").exists()
    with pytest.raises(UnusableUpload, match="it was cancelled"):
        conversion.result()


def test_process_that_does_not_end_is_ended(upload, tmp_path, unending, monkeypatch):
    monkeypatch.setattr(process, "_GRACE_S", 0)
    limits = own.ReadLimits(seconds=1)
    with pytest.raises(UnusableUpload, match="longer to read than the 1 seconds allowed"):
        own.start(upload(b"x"), "a.csv", TABLE, tmp_path / "set", limits=limits).result()


def test_file_that_takes_too_long_is_told(upload):
    random = np.random.default_rng(0)
    rows = "".join(f"{','.join(map(str, row))}\n" for row in random.integers(0, 9, (50_000, 8)))
    text = rows * 80
    with pytest.raises(UnusableUpload, match="longer to read than the 1 seconds allowed"):
        own.look(upload(b"a,b,c,d,e,f,g,h\n" + text.encode()), "a.csv", own.ReadLimits(seconds=1))


def test_file_that_takes_too_much_memory_is_told(upload, tmp_path):
    y = np.random.default_rng(0).bytes(120_000_000)
    content = npz_bytes(compressed=False, x=np.zeros(150_000), y=np.frombuffer(y, "S800"))
    choices, limits = own.ArraysChoices("classification"), own.ReadLimits(memory_bytes=150_000_000)
    with pytest.raises(UnusableUpload, match="more than the 150 MB of memory"):
        own.start(upload(content), "a.npz", choices, tmp_path / "set", limits=limits).result()


def test_table_of_a_thousand_columns_is_read(tmp_path):
    path = tmp_path / "wide.csv"
    header = ",".join(f"c{column}" for column in range(1_001))
    lines = (",".join(f"{row}.{column}" for column in range(1_001)) for row in range(50))
    path.write_text("\n".join([header, *lines]))
    found = own.look(path, "wide.csv")
    assert (found.rows, len(found.columns)) == (50, 1_001)


def test_line_without_end_is_told(upload):
    content = csv_bytes(frame()) + b"x" * 8_000_000
    with pytest.raises(UnusableUpload, match="cannot be read as a table: straddling"):
        own.look(upload(content), "a.csv")


def test_file_larger_than_allowed_is_told(upload):
    with pytest.raises(UnusableUpload, match="has 2 MB, but at most 1 MB are allowed"):
        own.look(upload(b"a,b\n" * 500_000), "a.csv", own.ReadLimits(upload_bytes=2**20))


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import os; os.abort()", "could not be read: it is damaged"),
        ("raise ValueError", "could not be read: it is damaged"),
        ("raise MemoryError", "MB of memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "MB of memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "could not be read"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "longer to read"),
    ],
)
def test_every_ending_of_the_process_is_told(upload, monkeypatch, program, told):
    real = subprocess.Popen
    monkeypatch.setattr(
        process.subprocess,
        "Popen",
        lambda command, **options: real([sys.executable, "-c", program], **options),
    )
    with pytest.raises(UnusableUpload, match=told):
        own.look(upload(csv_bytes(frame())), "a.csv")


CONFINED = """
import os, resource
from core.data.own.confinement import confine
from core.data.own.limits import ReadLimits
confine(ReadLimits(memory_bytes=200_000_000, unpacked_bytes=10**6, upload_bytes=10**6))
try:
    bytearray(300_000_000)
except MemoryError:
    print("memory")
try:
    with open("large", "wb") as file:
        file.seek(6_000_000)
        file.write(b"x")
except OSError:
    print("file")
"""


def test_reading_process_cannot_take_more_than_allowed(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CONFINED],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["memory", "file"]


def test_reading_process_does_not_get_the_secrets_of_the_environment(upload, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_SECRET", "hidden")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    seen = []
    real = subprocess.Popen

    def instead(command, **options):
        seen.append(options["env"])
        return real(command, **options)

    monkeypatch.setattr(process.subprocess, "Popen", instead)
    own.look(upload(csv_bytes(frame())), "a.csv")
    assert len(seen) == 1
    assert "hidden" not in seen[0].values()


def test_name_with_half_a_character_is_no_obstacle(upload):
    assert own.look(upload(csv_bytes(frame())), "a\udc80" + "b" * 999 + ".csv").kind == "table"


def test_progress_grows_while_a_file_is_converted(upload, tmp_path):
    table = frame(20_000)
    conversion = own.start(upload(csv_bytes(table)), "a.csv", TABLE, tmp_path / "set")
    shares, until = [], time.monotonic() + PATIENCE_S
    while not conversion.done() and time.monotonic() < until:
        shares.append(conversion.progress())
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert conversion.result().facts.train_size == 16_000


def test_asking_for_a_conversion_imports_nothing_heavy():
    program = (
        "import sys, core.data.own; heavy = 'tensorflow keras sklearn scipy pandas streamlit'; "
        "print([name for name in heavy.split() if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_public_names_are_those_written_down():
    assert own.__all__ == [
        "ARRAYS",
        "ENCODINGS",
        "ENDINGS",
        "ArraysChoices",
        "ArraysLook",
        "Choices",
        "Column",
        "Conversion",
        "Converted",
        "ImageChoices",
        "ImagesLook",
        "ImagesPreview",
        "ImagesReading",
        "Kind",
        "Look",
        "OwnFacts",
        "ReadLimits",
        "TableChoices",
        "TableFound",
        "TableLook",
        "TableReading",
        "content_key",
        "kind_of",
        "look",
        "start",
    ]
    assert all(hasattr(own, name) for name in own.__all__)
