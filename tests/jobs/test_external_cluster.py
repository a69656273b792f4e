"""Runs on a scheduler and workers started by themselves, with PostgreSQL and S3 between them."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import pytest

from core.experiment import Experiment
from core.jobs import PREDICTIONS, Inbox, Jobs, Mailroom
from core.jobs import jobs as jobs_module
from core.records import RunRecord, Status, pushed_epochs
from core.runs import Artifacts, RunStore
from core.settings import Settings
from tests.jobs.machines import Machines
from tests.jobs.test_cluster import wait_for

pytestmark = pytest.mark.slow

RUNS = 20
START_S = 300  # patience with a busy computer
KINDS = (
    {"model": {"kind": "mlp", "units": 16, "dropout": 0.3}},
    {"model": {"kind": "mlp", "units": 8, "batch_normalization": True}},
    {"model": {"kind": "mlp", "units": 16}, "training": {"optimizer": "nadam"}},
    {"model": {"kind": "mlp", "units": 16}, "data": {"dataset": "gaussians"}},
)
AT_ONCE_S = 5.0  # well below the timeouts of connections


def experiment(number: int, epochs: int) -> Experiment:
    """One of several kinds, with a seed of its own."""
    settings: dict = {"data": {"dataset": "digits"}, "training": {}, **KINDS[number % len(KINDS)]}
    settings["training"] = {**settings["training"], "epochs": epochs}
    return Experiment.model_validate({**settings, "seed": number})


@dataclass
class Site:
    """A web process, and the machines it does not start itself."""

    machines: Machines
    store: RunStore
    jobs: Jobs
    inbox: Inbox
    artifacts: Artifacts

    def submit(self, wanted: Experiment) -> str:
        run = self.store.create(wanted)
        self.inbox.watch(run.id)
        self.jobs.submit(run.id)
        return run.id

    def over(self, run_ids: list[str]) -> list[RunRecord]:
        return [run for run in map(self.store.get, run_ids) if run.status.final]

    def ended(self, run_ids: list[str]) -> list[RunRecord]:
        assert wait_for(lambda: len(self.over(run_ids)) == len(run_ids), START_S), self.state(
            run_ids
        )
        return [self.store.get(run_id) for run_id in run_ids]

    def state(self, run_ids: list[str]) -> str:
        """How far it is, for whoever wonders why a test fails."""
        runs = [(run.status.value, run.epochs_done) for run in map(self.store.get, run_ids)]
        return f"{runs}\n{self.jobs.problem}\n{self.jobs.workers()}\n{self.log()}"

    def log(self) -> str:
        return (self.machines.folder / "log").read_text(errors="replace")[-5_000:]


@pytest.fixture
def site(tmp_path, postgresql, s3, monkeypatch) -> Iterator[Site]:
    monkeypatch.setattr(jobs_module, "BEAT_S", 0.2)
    with postgresql.database() as database_url:
        places = {
            "EPOCHSCOPE_DATABASE_URL": database_url,
            "EPOCHSCOPE_ARTIFACTS_URL": f"s3://{s3.bucket()}/artifacts",
        }
        machines = Machines(tmp_path, {**places, "FSSPEC_S3_ENDPOINT_URL": s3.endpoint})
        settings = Settings(tmp_path, None, 1, *places.values(), scheduler=machines.address)
        store, mailroom = RunStore(settings.database_url), Mailroom()
        jobs = Jobs(store, settings, mailroom)
        try:
            artifacts = Artifacts(settings.artifacts_url)
            yield Site(machines, store, jobs, mailroom.open(), artifacts)
        finally:
            jobs.close()
            machines.end()
            store.close()


def trained_here(wanted: list[Experiment]) -> list[tuple]:
    """What the experiments come to in a process of their own, without any cluster.

    Raises:
        BrokenProcessPool: that process ended without an answer.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as processes:
        return processes.submit(_train, wanted).result()


def _train(wanted: list[Experiment]) -> list[tuple]:
    from core.training import Programs, train

    programs = Programs(keep=4)
    found = []
    for one in wanted:
        run = train(one, programs=programs)
        programs.give_back(one, run.program)
        epochs = [(record.epoch, dict(record.metrics)) for record in run.records]
        found.append((epochs, dict(run.evaluation), run.test_outputs.tobytes()))
    return found


def outcome(site: Site, run_id: str) -> tuple:
    """What is stored of a run, as `trained_here` gives it."""
    epochs = [(record.epoch, dict(record.metrics)) for record in site.store.epochs(run_id)]
    outputs = site.artifacts.load(run_id, PREDICTIONS)["outputs"]
    return epochs, dict(site.store.get(run_id).evaluation), outputs.tobytes()


def differences(site: Site, run_ids: list[str], expected: list[tuple]) -> list[str]:
    """Which runs are not what was expected, from which epoch on, and who trained them."""
    found = []
    for number, (run_id, other) in enumerate(zip(run_ids, expected, strict=True)):
        one = outcome(site, run_id)
        if one != other:
            first = [
                mine[0] for mine, theirs in zip(one[0], other[0], strict=True) if mine != theirs
            ]
            found.append(f"run {number} {run_id}: epochs {first}, {one[1]} for {other[1]}")
    return [*found, site.log()] if found else []


def answers_at_once(site: Site) -> bool:
    """Whether what page scripts ask of `Jobs` is there without a wait."""
    began = time.monotonic()
    assert site.jobs.workers() is not None
    assert site.jobs.slots() >= 0
    assert site.jobs.state in ("starting", "ready")
    assert site.jobs.problem is None or "\n" not in site.jobs.problem
    return time.monotonic() - began < AT_ONCE_S


def test_sweep_ends_to_the_same_bits_with_a_worker_killed_and_the_database_restarted(
    site, postgresql
):
    wanted = [experiment(number, epochs=20) for number in range(RUNS)]
    site.machines.start_scheduler()
    for _ in range(2):
        site.machines.start_worker()
    assert wait_for(lambda: site.jobs.slots() == 2, START_S), site.log()
    run_ids = [site.submit(one) for one in wanted]

    assert wait_for(lambda: len(site.over(run_ids)) >= 4, START_S), site.log()
    site.machines.kill_worker(0)
    site.machines.start_worker()
    assert wait_for(lambda: len(site.over(run_ids)) >= 8, START_S), site.log()
    postgresql.stop()
    assert answers_at_once(site)
    postgresql.start()

    runs = site.ended(run_ids)
    assert [(run.status, run.reason) for run in runs] == [(Status.FINISHED, "")] * RUNS
    assert differences(site, run_ids, trained_here(wanted)) == []


def test_runs_wait_for_a_scheduler_that_is_not_there_yet(site):
    run_id = site.submit(experiment(0, epochs=2))
    assert site.jobs.state == "starting"
    assert site.jobs.problem == (
        f"The scheduler at {site.machines.address} does not answer. Runs wait until it does; "
        "check that it runs and can be reached from here."
    )
    assert answers_at_once(site)
    assert site.store.get(run_id).status is Status.QUEUED

    site.machines.start_scheduler()
    assert wait_for(lambda: site.jobs.state == "ready", START_S), site.log()
    assert "has no training processes" in site.jobs.problem
    site.machines.start_worker()
    [run] = site.ended([run_id])
    assert (run.status, run.reason) == (Status.FINISHED, "")
    assert site.jobs.problem is None


def test_runs_go_on_when_a_scheduler_that_was_killed_is_back(site):
    wanted = [experiment(number, epochs=200) for number in range(2)]
    site.machines.start_scheduler()
    site.machines.start_worker()
    assert wait_for(lambda: site.jobs.slots() == 1, START_S), site.log()
    run_ids = [site.submit(one) for one in wanted]
    assert wait_for(lambda: len(site.store.epochs(run_ids[0])) >= 2, START_S), site.log()

    site.machines.kill_scheduler()
    assert wait_for(lambda: "does not answer" in (site.jobs.problem or ""), START_S)
    assert answers_at_once(site)
    state: dict = {}
    site.inbox.empty_into(state)
    state.clear()
    site.machines.start_scheduler()
    site.machines.start_worker()

    runs = site.ended(run_ids)
    assert [(run.status, run.reason) for run in runs] == [(Status.FINISHED, "")] * 2
    assert site.machines.workers[0].wait(START_S) is not None  # it ended with its scheduler
    assert differences(site, run_ids, trained_here(wanted)) == []
    site.inbox.empty_into(state)
    assert pushed_epochs(state, run_ids[1]) == site.store.epochs(run_ids[1])
