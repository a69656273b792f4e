"""Records: Keras's history form, the way through the event stream, and what is final."""

from __future__ import annotations

import json
import math

import pytest

from core.records import (
    EpochRecord,
    Progress,
    Status,
    as_event,
    from_event,
    history,
)

EPOCH = EpochRecord(2, {"loss": 0.5, "val_loss": math.inf}, 1.5, 0.01)
PROGRESS = Progress("Training", epoch=1, batch=3, batches=10, detail="half")


@pytest.mark.parametrize("record", [EPOCH, PROGRESS, Progress("Loading the data")])
def test_record_survives_the_event_stream(record):
    assert from_event(as_event("run-1", record)) == record


@pytest.mark.parametrize("record", [EPOCH, PROGRESS])
def test_event_names_its_run_and_holds_plain_types_only(record):
    event = as_event("run-1", record)
    assert event["run_id"] == "run-1"
    assert from_event(json.loads(json.dumps(event))) == record


def test_history_has_one_float_an_epoch_for_each_metric():
    records = tuple(EpochRecord(n, {"loss": 1.0 - n, "mae": n / 2}, 1, 1) for n in range(3))
    assert history(records) == {"loss": [1.0, 0.0, -1.0], "mae": [0.0, 0.5, 1.0]}


def test_history_marks_a_metric_that_an_epoch_lacks():
    found = history((EpochRecord(0, {"loss": 1.0}, 1, 1), EpochRecord(1, {"mae": 2.0}, 1, 1)))
    assert found["loss"][0] == 1.0
    assert found["mae"][1] == 2.0
    assert math.isnan(found["loss"][1])
    assert math.isnan(found["mae"][0])


def test_history_of_nothing_is_empty():
    assert history(()) == {}


def test_only_the_last_three_are_final():
    assert [status.final for status in Status] == [False] * 3 + [True] * 3
