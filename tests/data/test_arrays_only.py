"""Pickles of arrays: read as the standard reader reads them, and nothing in them is run."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data.arrays_only import NotArrays, load_pickled_arrays
from tests.data import python_2


def ragged() -> np.ndarray:
    lists = np.empty(3, object)
    lists[:] = [[1, 14, 22], [1], []]
    return lists


ARRAYS = {
    "bytes": np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
    "floats": np.linspace(0, 1, 6, dtype=np.float32).reshape(3, 2),
    "by columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "other byte order": np.arange(5, dtype=">i4"),
    "ragged lists": ragged(),
    "no axes": np.array(7),
}


class Calls:
    """Pickles itself as a call of any function."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def read(content: bytes) -> Any:
    return load_pickled_arrays(io.BytesIO(content))


@pytest.mark.parametrize("protocol", range(5))
@pytest.mark.parametrize("kind", ARRAYS)
def test_array_is_what_the_standard_reader_reads(kind, protocol):
    content = pickle.dumps(ARRAYS[kind], protocol=protocol)
    found, expected = read(content), pickle.loads(content)
    assert type(found) is np.ndarray
    np.testing.assert_array_equal(found, expected)


def test_mapping_of_python_2_has_its_arrays_under_bytes():
    pixels = np.random.default_rng(0).integers(0, 256, (4, 3072), np.uint8)
    [(key, found)] = read(python_2.dumps({b"data": pixels})).items()
    assert (key, type(found)) == (b"data", np.ndarray)
    np.testing.assert_array_equal(found, pixels)


def test_lists_and_texts_beside_arrays_are_kept():
    held = {"labels": [3, 1], "batch_label": "one", "data": np.zeros(2, np.uint8)}
    assert read(pickle.dumps(held, protocol=2))["labels"] == [3, 1]


HOSTILE = {
    "a function of the system": lambda mark: Calls(__import__("os").system, f"touch {mark}"),
    "a file": lambda mark: Calls(open, str(mark), "w"),
    "evaluation": lambda mark: Calls(eval, f"open({str(mark)!r}, 'w')"),
    "NumPy's own reader": lambda mark: Calls(np.load, str(mark), None, True),
    "inside a list": lambda mark: [1, {"data": Calls(exec, f"open({str(mark)!r}, 'w')")}],
    "inside an array": lambda mark: np.array([Calls(open, str(mark), "w"), None], object),
}


@pytest.mark.parametrize("protocol", range(5))
@pytest.mark.parametrize("attack", HOSTILE)
def test_nothing_in_a_pickle_is_run(attack, protocol, tmp_path):
    mark = tmp_path / "was here"
    content = pickle.dumps(HOSTILE[attack](mark), protocol=protocol)
    with pytest.raises(NotArrays, match="refused"):
        read(content)
    assert not mark.exists()


def test_attack_would_work_on_the_standard_reader(tmp_path):
    pickle.loads(pickle.dumps(HOSTILE["a file"](tmp_path / "was here"))).close()
    assert (tmp_path / "was here").exists()


_ARRAY = b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
_BYTES = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R"
_OBJECTS = b"cnumpy\ndtype\nU\x02O8K\x00K\x01\x87R"
_STATE = b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"  # flags 0: no objects, it says
DAMAGED = {
    "addresses given as objects": _ARRAY
    + b"(K\x01K\x01\x85"
    + _OBJECTS
    + _STATE
    + b"\x89U\x08AAAAAAAAtb.",
    "more values than bytes": _ARRAY + b"(K\x01K\x09\x85" + _BYTES + b"\x89U\x08AAAAAAAAtb.",
    "far more values than bytes": _ARRAY
    + b"(K\x01J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86"
    + _BYTES
    + b"\x89U\x01Atb.",
    "negative length": _ARRAY + b"(K\x01J\xff\xff\xff\xff\x85" + _BYTES + b"\x89U\x00tb.",
    "a large array out of nothing": b"\x80\x02cnumpy\nndarray\nJ\xff\xff\xff\x7f\x85R.",
    "a text of records": b"\x80\x02cnumpy\ndtype\nU\x05i4,i4K\x00K\x01\x87R.",
    "attributes of what reads it": b"\x80\x02cnumpy\nndarray\n}U\x01aK\x01sb.",
    "cut short": pickle.dumps(ARRAYS["bytes"])[:-9],
    "empty": b"",
    "a text": b"this is no pickle",
    "a persistent name": b"Pname\n.",
    "an extension": b"\x80\x02\x82\x01.",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_pickle_is_told(damage):
    with pytest.raises(NotArrays):
        read(DAMAGED[damage])


def test_reader_is_the_same_after_a_pickle_that_changes_what_reads_it():
    with pytest.raises(NotArrays):
        read(b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nN}U\x0c__defaults__(K\x01tsb\x86b0.")
    read(b"\x80\x02c_codecs\nencode\n}U\x04evilK\x01sb.")
    from core.data import arrays_only

    assert not vars(arrays_only._encode)


@pytest.mark.parametrize("seed", range(50))
def test_changed_bytes_give_an_array_or_a_refusal(seed, tmp_path: Path):
    random = np.random.default_rng(seed)
    content = bytearray(pickle.dumps({"a": ARRAYS["ragged lists"], "b": np.arange(9)}, protocol=2))
    for place in random.integers(0, len(content), 4):
        content[place] = random.integers(256)
    try:
        read(bytes(content))
    except NotArrays as error:
        assert str(error)
