"""How the server is doing: each figure beside its own title, and no place anybody could go to."""

from __future__ import annotations

import pytest

from core.jobs import Worker, machine
from core.ui import platform
from core.ui.once import once

MB = 1_000_000
BUSY = Worker("tcp://10.0.0.7:4001", 700 * MB, busy=True, memory_limit_bytes=1_000 * MB)
FREE = Worker("tcp://10.0.0.8:4002", 500 * MB, busy=False, memory_limit_bytes=2_000 * MB)
SCHEDULER = "tcp://10.0.0.5:8786"


@pytest.fixture(autouse=True)
def memory(monkeypatch) -> None:
    """A computer of 4 GB; the pages take 0.3 GB of it and what they have started 0.9 GB."""
    used = machine.InUse(own=300 * MB, children=900 * MB)
    monkeypatch.setattr(machine, "memory_in_use", lambda: used)
    monkeypatch.setattr(machine, "MEMORY_LIMIT", 4_000 * MB)


@pytest.fixture
def workers(monkeypatch):
    """Has there be these training processes."""

    def there_are(*found: Worker) -> None:
        monkeypatch.setattr(platform.Jobs, "workers", lambda _: found)

    there_are(BUSY, FREE)
    return there_are


def figures(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.main.metric}


def bars(app) -> list[tuple[int, str]]:
    """Each bar's percentage and its text."""
    return [(bar.proto.value, bar.proto.text) for bar in app.main.get("progress")]


def test_every_figure_stands_under_its_title(visit, add_run, store, workers):
    add_run()
    add_run(status=None)
    for _ in range(3):
        store.create(store.recent()[0].experiment)
    assert figures(visit("runs")) == {
        "Processes at work": "1 of 2",
        "Training now": "1",
        "In the queue": "3",
        "Memory": "1.2 GB",
    }


def test_memory_is_compared_with_what_there_is(visit, workers):
    assert bars(visit("runs")) == [
        (
            30,
            "30.0 % of 4.0 GB on this computer: 0.3 GB for pages, 0.9 GB for training and reading "
            "uploads",
        )
    ]


def test_memory_is_compared_with_what_was_set(visit, workers, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_MEMORY_MB", "1000")
    [(percent, text)] = bars(visit("runs"))
    assert percent == 100
    assert text.startswith("120.0 % of 1.0 GB on this computer")


def test_memory_of_other_computers_is_told_apart(visit, workers, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_SCHEDULER", SCHEDULER)
    app = visit("runs")
    assert figures(app)["Memory"] == "1.2 GB"
    here, elsewhere = bars(app)
    assert here == (
        30,
        "30.0 % of 4.0 GB on this computer: 0.3 GB for pages, 0.9 GB for reading uploads",
    )
    assert elsewhere == (
        40,
        "40.0 % of 3.0 GB for training elsewhere: 1.2 GB; "
        "the fullest process takes 70.0 % of its own",
    )


def test_process_without_a_limit_is_no_part_of_a_bar(visit, workers, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_SCHEDULER", SCHEDULER)
    workers(Worker("tcp://10.0.0.9:4003", 1_600 * MB, busy=True))
    app = visit("runs")
    assert len(bars(app)) == 1
    assert "Training elsewhere without a limit takes 1.6 GB." in captions(app)


def captions(app) -> str:
    return " ".join(text.value for text in app.main.caption)


def test_places_are_named_by_their_last_part(visit, home):
    app = visit("runs")
    assert (
        "Runs are kept in an SQLite file (`runs.sqlite3`), their files in a folder (`artifacts`)"
    ) in captions(app)
    assert str(home) not in captions(app)
    assert "://" not in captions(app)


@pytest.mark.parametrize(
    ("database", "artifacts", "told"),
    [
        (
            "postgresql://epoch:hunter2@db.example.org:5432/curves?sslmode=require",
            "s3://nets/folder/artifacts",
            "in a PostgreSQL database (`curves`), their files in an S3 bucket (`nets`)",
        ),
        (
            "postgresql+psycopg://epoch:hunter2@db.example.org",
            "s3://AKIA:hunter2@nets/artifacts",
            "in a PostgreSQL database, their files in an S3 bucket;",
        ),
        (
            "postgresql://epoch:[/hunter2?x@db.example.org:5432",
            "memory://artifacts",
            "their files in memory;",
        ),
    ],
)
def test_no_place_tells_a_host_or_a_secret(visit, store, monkeypatch, database, artifacts, told):
    monkeypatch.setattr(platform, "store", once()(lambda: store))
    monkeypatch.setenv("EPOCHSCOPE_DATABASE_URL", database)
    monkeypatch.setenv("EPOCHSCOPE_ARTIFACTS_URL", artifacts)
    monkeypatch.setenv("EPOCHSCOPE_SCHEDULER", SCHEDULER)
    shown = captions(visit("runs"))
    assert told in shown
    for secret in ("hunter2", "epoch:", "AKIA", "example.org", "5432", "10.0.0.5", "folder/"):
        assert secret not in shown
