"""Whatever is thrown at `read`, it answers with an experiment or with problems in plain words."""

from __future__ import annotations

import copy
import datetime
import decimal
import json
import random
import sys
from typing import Any

import pytest

from core.errors import InvalidExperiment
from core.experiment import Experiment, advise, read
from core.experiment.layer_table import from_rows
from tests.experiment.random_experiments import random_settings
from tests.experiment.test_refusals import JARGON

ROUNDS = 500
CYCLE: list[Any] = []
CYCLE.append(CYCLE)


@pytest.fixture(autouse=True)
def quiet_about_unprintable_tags(monkeypatch):
    """pydantic reports a `kind` it cannot print to this hook, and goes on."""
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)


def deep(levels: int) -> Any:
    nested: Any = 1
    for _ in range(levels):
        nested = [nested]
    return nested


GARBAGE: tuple[Any, ...] = (
    *(None, True, "", "x", "²", "\ud800", "\0", "NaN", "x" * 10_000, b"\xff", ...),
    *(0, -1, 10**400, 10**5000, -(10**5000), 1e308, 5e-324, float("nan"), float("inf"), 0.5),
    *([], {}, (), [None], [[]], {"kind": "mlp"}, {"kind": []}, {1: 2}, {"²": 1}, {None: None}),
    *({"l2": {}}, [{"kind": "Dense"}] * 200, deep(900), deep(100_000), CYCLE, [10**5000]),
    *(object(), len, int, 1j, {1, 2}, frozenset(), range(3), iter([1]), decimal.Decimal("NaN")),
    *(datetime.date(2020, 1, 1), decimal.Decimal(1), bytearray(b"1"), memoryview(b"1")),
)
KEYS = ("", "kind", "mlp", "Dense", "layers", "units", "0", "²", "\ud800", "__class__", "x" * 999)


def places(settings: Any, path: tuple = ()) -> list[tuple]:
    """Paths to everything inside nested dicts and lists."""
    found = [path] if path else []
    items = settings.items() if isinstance(settings, dict) else enumerate(settings)
    for key, value in items:
        inside = places(value, (*path, key)) if isinstance(value, dict | list) else []
        found += inside or [(*path, key)]
    return found


def spoil(settings: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Some places overwritten, renamed or added to; innermost first, so that all are there."""
    spoilt = copy.deepcopy(settings)
    chosen = dice.sample(places(settings), dice.randint(1, 4))
    for *groups, last in sorted(chosen, key=len, reverse=True):
        parent: Any = spoilt
        for step in groups:
            parent = parent[step]
        action = dice.random()
        if action < 0.6:
            parent[last] = dice.choice(GARBAGE)
        elif isinstance(parent, dict):
            parent[dice.choice(KEYS)] = parent[last] if action < 0.8 else dice.choice(GARBAGE)
        else:
            parent.append(dice.choice(GARBAGE))
    return spoilt


def garbled(text: str, dice: random.Random) -> str | bytes:
    """JSON cut, doubled, or with characters changed."""
    at, to = sorted(dice.randrange(len(text)) for _ in range(2))
    match dice.randrange(5):
        case 0:
            return text[:at]
        case 1:
            return text[:at] + text[to:]
        case 2:
            return text[:at] + dice.choice('{}[]",:0-eE.\0\ud800²') + text[at + 1 :]
        case 3:
            return bytes(dice.randrange(256) for _ in range(50))
    return text.encode()[:at] + bytes([dice.randrange(256)]) + text.encode()[at:]


def read_or_explain(settings: Any) -> bool:
    """Whether `settings` were accepted; whatever else happens fails the test."""
    try:
        experiment = read(settings)
    except InvalidExperiment as error:
        assert error.problems
        for problem in error.problems:
            assert not JARGON.search(problem.message), problem.message
            assert 10 < len(problem.message) < 600
            assert all(isinstance(step, str) for step in problem.where)
        return False
    assert isinstance(experiment, Experiment)
    assert experiment.parameter_count > 0
    assert isinstance(advise(experiment), tuple)
    return True


def test_spoilt_mappings_are_refused_or_read():
    dice = random.Random(0)
    settings = list(random_settings(50))
    outcomes = [read_or_explain(spoil(dice.choice(settings), dice)) for _ in range(ROUNDS)]
    assert outcomes.count(False) > ROUNDS / 2
    assert outcomes.count(True) > 0


def test_garbled_json_is_refused_or_read():
    dice = random.Random(1)
    texts = [json.dumps(settings) for settings in random_settings(50)]
    outcomes = [read_or_explain(garbled(dice.choice(texts), dice)) for _ in range(ROUNDS)]
    assert outcomes.count(False) > ROUNDS / 2


@pytest.mark.parametrize("number", range(len(GARBAGE)))
def test_garbage_alone_is_refused_or_read(number):
    garbage = GARBAGE[number]
    accepted = read_or_explain(garbage)
    assert accepted == (garbage == {} if isinstance(garbage, dict) else False)


@pytest.mark.parametrize("number", range(len(GARBAGE)))
@pytest.mark.parametrize("field", ["data", "model", "training", "seed"])
def test_garbage_in_a_field_is_refused_or_read(field, number):
    garbage = GARBAGE[number]
    accepted = read_or_explain({field: garbage})
    if isinstance(garbage, str | bytes) and field != "seed":
        assert not accepted


@pytest.mark.parametrize("number", range(len(GARBAGE)))
def test_garbage_in_every_number_of_a_layer_is_refused_or_read(number):
    garbage = GARBAGE[number]
    layers = [{"kind": "Flatten"}, {"kind": "Dense", "units": garbage}]
    accepted = read_or_explain({"model": {"kind": "custom", "layers": layers}})
    assert not (accepted and isinstance(garbage, str | list | dict))


@pytest.mark.parametrize("seed", range(5))
def test_rubbish_tables_are_refused_or_read(seed):
    dice = random.Random(seed)
    titles = ("Layer", "Units", "Filters", "Padding", "Kernel L2", "Rate", "Nonsense")
    cells = (None, "", "Dense", "Conv2D", "Flatten", 3, 0, -1, 0.5, float("nan"), "same", "x")
    for _ in range(100):
        rows = [{title: dice.choice(cells) for title in titles} for _ in range(dice.randint(0, 4))]
        layers = [*from_rows(rows), {"kind": "Flatten"}]
        filled = [
            row
            for row in rows
            if any(str(cell) not in ("None", "", "nan") for cell in row.values())
        ]
        assert len(layers) == len(filled) + 1
        read_or_explain({"model": {"kind": "custom", "layers": layers}})
