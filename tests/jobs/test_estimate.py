"""An estimate before training: a guess at first, then what this installation has measured."""

from __future__ import annotations

import time

import pytest

from core.errors import StoreUnavailable
from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.jobs.calibration import Observation, Rates, traits
from core.jobs.estimate import Estimator, estimated, of_stored
from core.records import Status
from core.runs import RunStore

MEASURED = {
    "seconds": 100.0,
    "epochs": 5.0,
    "setup_seconds": 1.0,
    "trace_seconds": 4.0,
    "epoch_seconds": 18.0,
    "end_seconds": 5.0,
    "peak_bytes": 2e9,
    "base_bytes": 7e8,
}


@pytest.fixture
def store(tmp_path):
    opened = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    yield opened
    opened.close()


def digits(epochs: int = 5, units: int = 128, **parts) -> Experiment:
    return Experiment.model_validate(
        {
            "data": {"dataset": "digits"},
            "model": {"kind": "mlp", "units": units},
            "training": {"epochs": epochs},
            **parts,
        }
    )


def has_run(store, experiment, status=Status.FINISHED, **measured) -> None:
    run = store.create(experiment)
    store.claim(run.id).settle(status, measured={**MEASURED, **measured})


def test_before_any_run_it_is_a_guess(store):
    found = Estimator(store).estimate(digits())
    assert (found.basis, found.runs, found.at_most) == ("guess", 0, False)
    assert 0.1 < found.seconds < 60
    assert 3e8 < found.bytes < 2e9


def test_after_one_run_the_same_is_expected_again_by_its_parts(store):
    has_run(store, digits())
    found = Estimator(store).estimate(digits())
    assert (found.basis, found.runs) == ("same", 1)
    # The structure is known by now: of its 4 s of tracing 35 % remain.
    assert found.epoch_seconds == pytest.approx(18)
    assert found.around_seconds == pytest.approx(1 + 0.35 * 4 + 5)
    assert found.seconds == pytest.approx(7.4 + 5 * 18)
    assert found.bytes == 2_000_000_000


def test_other_learning_rate_and_number_of_epochs(store):
    has_run(store, digits())
    other = digits(training={"epochs": 20, "learning_rate": 0.1})
    assert Estimator(store).estimate(other).seconds == pytest.approx(7.4 + 20 * 18)


def test_run_that_goes_on_is_expected_for_the_epochs_left(store):
    has_run(store, digits())
    found = Estimator(store).estimate(digits(epochs=12), epochs_done=10)
    assert found.seconds == pytest.approx(7.4 + 2 * 18)


def test_half_of_the_samples_take_about_half_of_the_time(store):
    whole = digits(data={"dataset": "moons", "training_samples": 10_000})
    half = digits(data={"dataset": "moons", "training_samples": 5_000})
    has_run(store, whole)
    assert Estimator(store).estimate(half).epoch_seconds == pytest.approx(9, rel=0.05)


def test_slow_runs_of_one_network_make_another_expected_slow(store):
    unknown = digits(units=200)
    before = Estimator(store).estimate(unknown)
    has_run(store, digits())
    after = Estimator(store).estimate(unknown)
    assert (after.basis, after.runs) == ("others", 1)
    assert after.seconds > 5 * before.seconds


def test_middle_of_recent_runs_counts(store):
    for seconds in (18, 19, 20, 500, 17):
        has_run(store, digits(), epoch_seconds=seconds)
    assert Estimator(store).estimate(digits()).epoch_seconds == pytest.approx(19)
    for _ in range(5):
        has_run(store, digits(), epoch_seconds=2)
    assert Estimator(store).estimate(digits()).epoch_seconds == pytest.approx(2)


def test_run_of_one_epoch_is_not_taken_for_the_pace_of_all(store):
    one = {name: value for name, value in MEASURED.items() if name != "trace_seconds"}
    run = store.create(digits(epochs=1))
    store.claim(run.id).settle(Status.FINISHED, measured={**one, "epochs": 1.0})
    assert Estimator(store).estimate(digits()).epoch_seconds < 9


def test_stopped_run_tells_the_pace_but_not_how_long_the_test_takes(store):
    has_run(store, digits(), Status.STOPPED, end_seconds=0.0)
    found = Estimator(store).estimate(digits())
    assert found.epoch_seconds == pytest.approx(18)
    assert found.around_seconds > 1 + 0.35 * 4


@pytest.mark.parametrize("measured", [{}, {"epochs": 0.0, "seconds": 1.0}])
def test_runs_that_measured_nothing_change_nothing(store, measured):
    run = store.create(digits())
    store.claim(run.id).settle(Status.FAILED, measured=measured)
    assert Estimator(store).estimate(digits()).basis == "guess"


def test_early_stopping_makes_it_at_most(store):
    stopping = digits(callbacks={"early_stopping": {}})
    assert Estimator(store).estimate(stopping).at_most


def test_new_run_is_seen_after_a_second_and_not_before(store):
    clock = [0.0]
    estimator = Estimator(store, lambda: clock[0])
    assert estimator.estimate(digits()).basis == "guess"
    has_run(store, digits())
    clock[0] = 0.9
    assert estimator.estimate(digits()).basis == "guess"
    clock[0] = 1.1
    assert estimator.estimate(digits()).basis == "same"


def test_store_that_cannot_be_read_leaves_what_is_known(store, monkeypatch):
    has_run(store, digits())
    clock = [0.0]
    estimator = Estimator(store, lambda: clock[0])
    before = estimator.estimate(digits())

    def broken(*_):
        raise StoreUnavailable("gone")

    monkeypatch.setattr(store, "measured", broken)
    clock[0] = 10.0
    assert estimator.estimate(digits()) == before


def test_structure_unused_for_long_is_traced_again(store):
    has_run(store, digits())
    for units in (10, 20, 30, 40):
        has_run(store, digits(units=units))
    assert Estimator(store).estimate(digits()).around_seconds == pytest.approx(1 + 4 + 5)


def test_stored_estimate_comes_back(store):
    found = Estimator(store).estimate(digits())
    again = of_stored(found.stored())
    assert again == found
    assert of_stored({}) is None


@pytest.mark.parametrize("name", PRESETS)
def test_more_epochs_never_take_less(name):
    found, rates = traits(PRESETS[name]), Rates()
    times = [estimated(found, epochs, (), rates).seconds for epochs in (1, 2, 10, 1000)]
    assert times == sorted(times)


def test_more_samples_need_more_memory_than_was_measured():
    small = traits(digits(data={"dataset": "moons", "training_samples": 500}))
    large = traits(digits(data={"dataset": "moons", "training_samples": 20_000}))
    seen = [Observation(small, MEASURED)]
    assert estimated(large, 5, seen, Rates()).bytes > estimated(small, 5, seen, Rates()).bytes


def test_known_estimator_answers_at_once(store):
    has_run(store, digits())
    estimator = Estimator(store)
    estimator.estimate(digits())
    took_s = []
    for _ in range(20):
        began = time.perf_counter()
        estimator.estimate(digits())
        took_s.append(time.perf_counter() - began)
    assert min(took_s) < 0.005  # 0.4 ms on a computer that does nothing else
