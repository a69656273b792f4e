"""What crafted settings and clicks may not do: long messages, and errors in callbacks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data import own
from core.errors import InvalidExperiment, LimitExceeded, Problem
from core.experiment import read
from core.limits import OwnLimits
from core.runs import OwnArrays, OwnLibrary
from core.runs.own_library import MB
from core.ui import adding, likeness_view, runs_table

LONGEST = 4_000  # characters that a message may have


def test_message_on_a_long_table_of_broken_layers_is_short():
    layers = [{"kind": "Dense", "units": -1 - index} for index in range(100)]
    with pytest.raises(InvalidExperiment) as caught:
        read({"model": {"kind": "custom", "layers": layers}})
    assert len(str(caught.value)) < LONGEST
    assert len(caught.value.problems) > 8
    assert "more." in str(caught.value)


def test_message_on_absurdly_many_layers_is_short():
    layers = [{"kind": "Dense", "units": "x" * 1_000} for _ in range(3_000)]
    with pytest.raises(InvalidExperiment) as caught:
        read({"model": {"kind": "custom", "layers": layers}})
    assert len(str(caught.value)) < LONGEST


def test_few_problems_are_all_told():
    problems = tuple(Problem(("data",), f"Problem {number}.") for number in range(8))
    assert str(InvalidExperiment(problems)).endswith("Problem 7.")


@pytest.mark.parametrize("sent", [None, 3, 5])
def test_next_neighbour_needs_no_number_from_the_browser(monkeypatch, sent):
    state = {} if sent is None else {"place": sent}
    monkeypatch.setattr(likeness_view.st, "session_state", state)
    likeness_view._next("place", 5)
    assert 1 <= state["place"] <= 5


@pytest.mark.parametrize("row", [-1, 2, 10**9, None, "0", 1.5])
def test_click_on_a_row_that_is_not_there_opens_nothing(monkeypatch, row):
    opened = []
    monkeypatch.setattr(runs_table, "open_run", opened.append)
    monkeypatch.setattr(runs_table.st, "session_state", {runs_table._CLICK: {"row": row}})
    runs_table._open_row(("a", "b"))
    assert opened == []


def test_table_larger_than_the_quota_is_sampled_to_what_the_quota_takes(tmp_path, monkeypatch):
    quota = OwnLimits(quota_mb=1)
    monkeypatch.setenv("EPOCHSCOPE_OWN_QUOTA_MB", "1")
    random = np.random.default_rng(0)
    table = pd.DataFrame(random.normal(size=(30_000, 12)).round(3), columns=[*"abcdefghijkl"])
    upload = tmp_path / "upload"
    table.to_csv(upload, index=False)
    choices = own.TableChoices("a", tuple("bcdefghijkl"), "regression")
    made = own.start(upload, "a.csv", choices, tmp_path / "set", limits=adding.limits()).result()
    assert 0.9 * MB < made.size_bytes <= MB
    library = OwnLibrary(Sets(), OwnArrays(Sets()), "anna")
    library._check_room(made.size_bytes, quota)


class Sets:
    """A store in which one visitor has a set that fills the quota to the last byte."""

    root = ""

    def __init__(self, size_bytes: int = MB) -> None:
        self.size_bytes = size_bytes

    def own_sets(self, _owner: str) -> list[Sets]:
        return [self]

    def own_bytes(self) -> int:
        return self.size_bytes


def test_set_a_little_over_the_quota_reads_so():
    library = OwnLibrary(Sets(5 * MB + 400_000), OwnArrays(Sets()), "anna")
    with pytest.raises(LimitExceeded, match=r"takes 5\.4 MB.*may take 5 MB"):
        library._check_room(5 * MB + 400_000, OwnLimits(quota_mb=5))
