"""Threads and processes at once: of all that want the same thing of a run, one gets it."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from core.errors import LeaseLost
from core.experiment import Experiment
from core.records import Control, Status
from core.runs import RunStore
from tests.runs.making import claimed, epoch, paused, running
from tests.runs.racing import PROCESSES, in_processes, in_threads

ROUNDS = range(5)
ONCE = {
    "claim": (lambda store: store.create(Experiment()).id, "bool(store.claim(i))"),
    "settle": (lambda store: store.create(Experiment()).id, "store.settle(i, Status.STOPPED)"),
    "cancel": (lambda store: store.create(Experiment()).id, "store.cancel(i)"),
    "resume": (paused, "store.resume(i)"),
    "step": (paused, "store.resume(i, step=True)"),
    "restart": (lambda store: running(store).run_id, "store.restart(i, most=3)"),
}


@pytest.mark.parametrize("action", ONCE)
def test_one_of_two_processes_has_its_way_with_each_run(store, database_url, action):
    prepare, expression = ONCE[action]
    ids = [prepare(store) for _ in range(30)]
    one, two = in_processes(f"[{expression} for i in ids]", [database_url], ids)
    assert [a + b for a, b in zip(one, two, strict=True)] == [1] * 30


def test_one_of_two_processes_adopts_each_run(store, database_url, clock):
    # The clock of this process stands in the past: to the others, nobody looks after these runs.
    ids = [store.create(Experiment()).id for _ in range(30)]
    one, two = in_processes("store.adopt(30)", [database_url], ids)
    assert sorted(one + two) == sorted(ids)


@pytest.mark.parametrize("round_", ROUNDS)
def test_one_of_eight_threads_settles_a_run(store, round_):
    run_id = store.create(Experiment()).id
    names = [f"thread {number}" for number in range(8)]
    won = in_threads(
        *(lambda name=name: store.settle(run_id, Status.FAILED, name) for name in names)
    )
    assert won.count(True) == 1
    assert store.get(run_id).reason == names[won.index(True)]


@pytest.mark.parametrize("round_", ROUNDS)
def test_one_of_eight_threads_adopts_a_run(store, clock, round_):
    run_id = store.create(Experiment()).id
    clock(31)
    assert sorted(in_threads(*(lambda: store.adopt(30) for _ in range(8)))) == [
        *[()] * 7,
        (run_id,),
    ]


@pytest.mark.parametrize("round_", ROUNDS)
def test_queued_run_is_either_claimed_or_cancelled(store, round_):
    run_id = store.create(Experiment()).id
    lease, cancelled = in_threads(lambda: store.claim(run_id), lambda: store.cancel(run_id))
    assert bool(lease) != cancelled
    assert store.get(run_id).status is (Status.RUNNING if lease else Status.STOPPED)


@pytest.mark.parametrize("round_", ROUNDS)
def test_run_resumed_while_its_worker_pauses_goes_on_either_way(store, round_):
    lease = running(store)
    store.pause(lease.run_id)
    laid_down, resumed = in_threads(lease.pause, lambda: store.resume(lease.run_id))
    assert resumed
    run = store.get(lease.run_id)
    assert run.status is (Status.QUEUED if laid_down else Status.RUNNING)
    assert run.control is Control.NONE


@pytest.mark.parametrize("round_", ROUNDS)
def test_run_paused_while_it_is_claimed_pauses_either_way(store, round_):
    run_id = store.create(Experiment()).id
    lease, asked = in_threads(lambda: store.claim(run_id), lambda: store.pause(run_id))
    assert asked
    if lease:
        assert lease.pause()
    assert store.get(run_id).status is Status.PAUSED


@pytest.mark.parametrize("round_", ROUNDS)
def test_run_paused_while_it_is_put_back_pauses_either_way(store, round_):
    lease = running(store)
    put_back, asked = in_threads(lease.put_back, lambda: store.pause(lease.run_id))
    assert put_back
    assert asked
    run = store.get(lease.run_id)
    assert run.status is Status.PAUSED or claimed(store, run.id).pause()


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("change", ["put_back", "pause"])
def test_run_stopped_while_its_worker_lets_go_stops_either_way(store, change, round_):
    lease = running(store)
    store.pause(lease.run_id)
    _, asked = in_threads(getattr(lease, change), lambda: store.request_stop(lease.run_id))
    assert asked
    run = store.get(lease.run_id)
    if run.status is Status.QUEUED:
        assert claimed(store, run.id).control() is Control.STOP
    else:
        assert run.status is Status.STOPPED or lease.control() is Control.STOP


@pytest.mark.parametrize("round_", ROUNDS)
def test_stop_pressed_twice_at_once_is_one_stop(store, round_):
    lease = running(store)
    assert in_threads(*(lambda: store.request_stop(lease.run_id) for _ in range(2))) == [True] * 2
    assert lease.control() is Control.STOP


@pytest.mark.parametrize("round_", ROUNDS)
def test_pause_pressed_twice_at_once_is_one_pause(store, round_):
    lease = running(store)
    assert in_threads(*(lambda: store.pause(lease.run_id) for _ in range(2))) == [True] * 2
    assert lease.pause()
    assert store.get(lease.run_id).control is Control.NONE


def written(lease, record) -> bool:
    """Whether the epoch was taken."""
    try:
        lease.add_epoch(record)
    except LeaseLost:
        return False
    return True


@pytest.mark.parametrize("round_", ROUNDS)
def test_epoch_written_while_its_run_is_taken_away_is_there_or_refused(store, round_):
    lease = running(store)
    kept, taken = in_threads(
        lambda: written(lease, epoch(0)), lambda: store.restart(lease.run_id, most=3)
    )
    assert taken
    assert store.get(lease.run_id).epochs_done == len(store.epochs(lease.run_id)) == kept


def test_epochs_of_eight_threads_are_all_kept(store):
    leases = [running(store) for _ in range(8)]

    def add_all(lease) -> None:
        for number in range(20):
            lease.add_epoch(epoch(number))

    in_threads(*(lambda lease=lease: add_all(lease) for lease in leases))
    assert [len(store.epochs(lease.run_id)) for lease in leases] == [20] * 8


def test_same_epoch_from_eight_threads_of_one_worker_is_kept_once(store):
    lease = running(store)
    in_threads(*(lambda: lease.add_epoch(epoch(0)) for _ in range(8)))
    assert store.epochs(lease.run_id) == (epoch(0),)


def test_two_processes_that_beat_for_the_same_runs_do_not_lock_each_other(store, database_url):
    ids = [store.create(Experiment()).id for _ in range(50)]
    beat = "[store.beat(ids if n % 2 else ids[::-1]) for n in range(50)]"
    assert in_processes(beat, [database_url], ids) == [[None] * 50] * PROCESSES


@pytest.fixture(params=["sqlite", "postgresql"])
def new_databases(request, tmp_path):
    """The URLs of several databases, since one alone may not be hit at the same moment."""
    if request.param == "sqlite":
        yield [f"sqlite:///{tmp_path}/new-{number}.sqlite3" for number in range(10)]
        return
    server = request.getfixturevalue("postgresql")
    with ExitStack() as opened:
        yield [opened.enter_context(server.database()) for _ in range(10)]


def test_two_processes_that_open_a_new_database_make_its_tables_once(new_databases):
    create = "[RunStore(url).create(Experiment()).status for url in urls]"
    assert in_processes(create, new_databases, []) == [["queued"] * 10] * PROCESSES
    for url in new_databases:
        opened = RunStore(url)
        assert opened.count(Status.QUEUED) == PROCESSES
        opened.close()
