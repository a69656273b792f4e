"""Checkpoints cost little, epochs are all kept, and a store that is away is waited for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from core.errors import LeaseLost, StoreUnavailable
from core.jobs.commits import SHARE, Commits, forget_checkpoints
from core.jobs.patience import LONGEST_S, patiently
from core.records import Control, EpochRecord


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Lease:
    """Remembers epochs, each with its checkpoint."""

    run_id: str = "run"
    fence: int = 3
    epochs: list = field(default_factory=list)
    paused: list = field(default_factory=list)
    put_back_from: list = field(default_factory=list)
    goes_on: bool = False  # somebody asked to, after a pause
    lost: bool = False
    taken: bool = False  # by another worker, just after its control was read

    def control(self):
        if self.lost:
            raise LeaseLost(self.run_id)
        return Control.NONE

    def add_epoch(self, record, checkpoint=None):
        self.epochs.append((record.epoch, checkpoint))

    def pause(self, checkpoint=None):
        if self.goes_on or self.taken:
            return False
        self.paused.append(checkpoint)
        return True

    def put_back(self, checkpoint=None):
        if not self.taken:
            self.put_back_from.append(checkpoint)
        return not self.taken


@dataclass
class Files:
    """Artifacts whose writing takes `cost_s` on the clock, or fails; deleting `delete_s`."""

    clock: Clock
    cost_s: float = 0.002
    delete_s: float = 0.0
    full: bool = False
    kept: set = field(default_factory=set)

    def save(self, run_id, name, arrays, *, compressed):
        self.clock.now_s += self.cost_s
        if self.full:
            raise StoreUnavailable("No space left on device.")
        self.kept.add(name)

    def remove(self, run_id, prefix):
        self.clock.now_s += self.delete_s
        self.kept = {name for name in self.kept if not f"{name}.npz".startswith(prefix)}


def record(epoch: int) -> EpochRecord:
    return EpochRecord(epoch, {"loss": 1.0}, 0.01, 0.001)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(clock) -> Files:
    return Files(clock)


@pytest.fixture
def lease() -> Lease:
    return Lease()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def commits(lease, files, clock, told) -> Commits:
    return Commits(lease, files, lambda: None, told.append, clock)


def train(commits: Commits, clock: Clock, epochs: int, epoch_s: float) -> None:
    for number in range(epochs):
        clock.now_s += epoch_s
        commits.add(record(number), lambda: {"x": np.zeros(1)})


@pytest.mark.parametrize("epoch_s", [0.001, 0.008, 0.05, 1.0, 30.0])
@pytest.mark.parametrize(("cost_s", "delete_s"), [(0.0005, 0), (0.002, 0), (0.05, 0), (0.05, 0.1)])
def test_checkpoints_take_no_more_than_their_share(
    commits, clock, files, epoch_s, cost_s, delete_s
):
    files.cost_s, files.delete_s = cost_s, delete_s
    epochs = 2_000
    train(commits, clock, epochs, epoch_s)
    spent_s = clock.now_s - epochs * epoch_s
    # The first one, and the first deletion, are not known before they are done.
    assert spent_s <= SHARE * clock.now_s + cost_s + delete_s


def test_long_epochs_each_get_a_checkpoint(commits, clock, lease):
    train(commits, clock, 5, epoch_s=1.0)
    assert [name for _, name in lease.epochs] == [f"checkpoint-3-{n}" for n in range(1, 6)]


def test_every_epoch_is_committed_with_or_without_a_checkpoint(commits, clock, lease):
    train(commits, clock, 500, epoch_s=0.001)
    assert [epoch for epoch, _ in lease.epochs] == list(range(500))
    assert 1 < sum(name is not None for _, name in lease.epochs) < 50


def test_one_checkpoint_is_kept(commits, clock, files):
    train(commits, clock, 12, epoch_s=1.0)
    assert files.kept == {"checkpoint-3-12"}


def test_run_laid_down_goes_on_from_its_last_epoch(commits, clock, lease, files):
    train(commits, clock, 3, epoch_s=0.00001)
    assert lease.epochs[-1] == (2, None)
    commits.lay_down()
    assert lease.paused == ["checkpoint-3-3"]
    assert files.kept == {"checkpoint-3-3"}


def test_run_laid_down_after_a_checkpoint_gets_no_other(commits, clock, lease):
    train(commits, clock, 1, epoch_s=1.0)
    assert lease.epochs == [(0, "checkpoint-3-1")]
    commits.lay_down()
    assert lease.paused == [None]  # the store knows it


def test_run_that_goes_on_at_once_does_so_from_its_last_epoch(commits, clock, lease):
    lease.goes_on = True
    train(commits, clock, 3, epoch_s=0.00001)
    commits.lay_down()
    assert lease.put_back_from == ["checkpoint-3-3"]


def test_worker_that_loses_its_run_as_it_lays_it_down_leaves_what_the_store_knows(
    commits, clock, lease, files
):
    train(commits, clock, 3, epoch_s=0.00001)
    lease.taken = True
    commits.lay_down()
    assert "checkpoint-3-1" in files.kept


def test_checkpoint_of_an_earlier_worker_is_replaced(lease, files, clock):
    files.kept = {"checkpoint-2-7"}
    commits = Commits(lease, files, lambda: None, lambda _: None, clock, "checkpoint-2-7")
    train(commits, clock, 1, epoch_s=1.0)
    assert files.kept == {"checkpoint-3-1"}


def test_checkpoint_that_is_written_again_is_kept(lease, files, clock):
    commits = Commits(lease, files, lambda: None, lambda _: None, clock, "checkpoint-3-1")
    train(commits, clock, 1, epoch_s=1.0)
    assert files.kept == {"checkpoint-3-1"}


def test_run_laid_down_on_a_full_disk_goes_on_from_an_earlier_epoch(commits, clock, files, lease):
    train(commits, clock, 3, epoch_s=0.00001)
    files.full = True
    commits.lay_down()
    assert lease.paused == [None]
    assert files.kept == {"checkpoint-3-1"}


def test_worker_that_lost_its_run_stores_no_files(lease, files, clock):
    lease.lost = True
    commits = Commits(lease, files, lambda: pytest.fail("stored"), lambda _: None, clock)
    with pytest.raises(LeaseLost):
        train(commits, clock, 1, epoch_s=1.0)
    assert files.kept == set()


def test_full_disk_is_told_and_the_epochs_are_kept(commits, clock, files, lease, told):
    files.full = True
    train(commits, clock, 3, epoch_s=1.0)
    assert lease.epochs == [(0, None), (1, None), (2, None)]
    assert told == ["No space left on device."] * 3


def test_disk_that_has_space_again_gets_a_checkpoint(commits, clock, files, lease):
    files.full = True
    train(commits, clock, 1, epoch_s=1.0)
    files.full = False
    clock.now_s += 1.0
    commits.add(record(1), lambda: {"x": np.zeros(1)})
    assert lease.epochs[-1] == (1, "checkpoint-3-2")


def test_forgetting_deletes_all_checkpoints_of_lost_workers_too(commits, clock, files):
    files.kept = {"checkpoint-1-7", "checkpoint-2-9", "predictions"}
    train(commits, clock, 1, epoch_s=1.0)
    forget_checkpoints("run", files)
    assert files.kept == {"predictions"}


class Away:
    """A store that is away for some calls."""

    def __init__(self, times: int) -> None:
        self._left = times

    def __call__(self) -> str:
        self._left -= 1
        if self._left >= 0:
            raise StoreUnavailable("The database is away.")
        return "back"


def test_store_that_is_away_is_tried_until_it_is_back():
    told: list[str] = []
    pauses: list[float] = []
    assert patiently(Away(12), told.append, pauses.append) == "back"
    assert told == ["The database is away."] * 12
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_S


def test_other_errors_are_not_waited_out():
    def lost() -> None:
        raise LeaseLost("run")

    with pytest.raises(LeaseLost):
        patiently(lost, sleep=lambda _: pytest.fail("waited"))
