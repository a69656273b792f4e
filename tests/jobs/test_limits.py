"""What an installation forbids is refused with what was given, what is allowed, what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import InvalidExperiment, InvalidSetting, LimitExceeded
from core.experiment import Experiment
from core.jobs.estimate import Estimate
from core.jobs.limits import check, problems, time_is_up, time_up_reason
from core.limits import Limits, queue_problem, read_limits
from core.settings import settings

DIGITS = Experiment.model_validate({"data": {"dataset": "digits"}, "training": {"epochs": 10}})
PARAMETERS = 64 * 128 + 128 + 128 * 10 + 10
EXPECTED = Estimate(25.0, 800_000_000, 2.0, 5.0, "same", 1)


def texts(limits: Limits, expected: Estimate | None = EXPECTED) -> list[str]:
    return [problem.message for problem in problems(DIGITS, limits, expected)]


def test_without_limits_nothing_is_refused():
    assert problems(DIGITS, Limits(), EXPECTED) == ()
    check(DIGITS, Limits(), EXPECTED)


@pytest.mark.parametrize(
    ("limits", "where", "words"),
    [
        (
            Limits(parameters=PARAMETERS - 1),
            ("model",),
            (f"{PARAMETERS:,} parameters", f"at most {PARAMETERS - 1:,}", "Use fewer units"),
        ),
        (
            Limits(epochs=9),
            ("training", "epochs"),
            ("10 were given", "at most 9", "Use 9 or fewer"),
        ),
        (
            Limits(seconds=24),
            ("training", "epochs"),
            ("about 25 s", "at most 24 s", "Use at most 9 epochs"),
        ),
        (
            Limits(memory_mb=799),
            ("training", "batch_size"),
            ("about 800 MB", "at most 799 MB", "Use a smaller batch"),
        ),
    ],
)
def test_refusal_says_what_was_given_what_is_allowed_and_what_to_do(limits, where, words):
    (problem,) = problems(DIGITS, limits, EXPECTED)
    assert problem.where == where
    assert all(word in problem.message for word in words), problem.message
    with pytest.raises(LimitExceeded) as refused:
        check(DIGITS, limits, EXPECTED)
    assert isinstance(refused.value, InvalidExperiment)
    assert refused.value.problems == (problem,)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(parameters=PARAMETERS),
        Limits(epochs=10),
        Limits(seconds=25),
        Limits(memory_mb=800),
    ],
)
def test_exactly_the_limit_is_allowed(limits):
    assert problems(DIGITS, limits, EXPECTED) == ()


def test_everything_wrong_is_said_at_once():
    assert len(texts(Limits(1, 1, 1, 1, 1))) == 4


def test_run_too_long_even_with_one_epoch_is_not_told_to_use_fewer_epochs():
    (text,) = texts(Limits(seconds=6))
    assert "epochs" not in text
    assert "Use fewer samples or a smaller network" in text


def test_guess_must_be_far_off_before_it_refuses():
    guess = replace(EXPECTED, basis="guess")
    assert texts(Limits(seconds=13), expected=guess) == []
    assert len(texts(Limits(seconds=12), expected=guess)) == 1


def test_without_an_estimate_time_is_left_to_the_clock():
    assert texts(Limits(seconds=1), expected=None) == []


@pytest.mark.parametrize(("active", "refused"), [(0, False), (2, False), (3, True), (9, True)])
def test_queued_runs_a_visitor(active, refused):
    problem = queue_problem(3, active)
    assert bool(problem) == refused
    if problem:
        assert f"{active} of yours are" in problem.message
        assert "at most 3" in problem.message
        assert "stop one" in problem.message


def test_without_a_limit_any_number_of_runs_may_wait():
    assert queue_problem(None, 10_000) is None


def test_time_is_up_only_after_the_limit():
    assert not time_is_up(10_000.0, Limits())
    assert not time_is_up(60.0, Limits(seconds=60))
    assert time_is_up(60.1, Limits(seconds=60))
    assert "after 1,000 s" in time_up_reason(Limits(seconds=1000))


def test_limits_are_read_from_the_environment(monkeypatch):
    for name, value in zip(
        ("PARAMETERS", "EPOCHS", "SECONDS", "MEMORY_MB", "QUEUED"),
        ("1_000_000", "50", " 60 ", "2000", "3"),
        strict=True,
    ):
        monkeypatch.setenv(f"EPOCHSCOPE_MAX_{name}", value)
    assert settings().limits == Limits(1_000_000, 50, 60, 2000, 3)


def test_no_limits_without_variables():
    assert read_limits({}) == read_limits({"EPOCHSCOPE_MAX_EPOCHS": " "}) == Limits()


@pytest.mark.parametrize("given", ["0", "-1", "ten", "1.5", "1e3", "٣", "9" * 5000, "None", "_"])
def test_malformed_limit_is_explained(given):
    with pytest.raises(InvalidSetting, match="whole number above 0") as refused:
        read_limits({"EPOCHSCOPE_MAX_SECONDS": given})
    text = str(refused.value)
    assert text.startswith(f"EPOCHSCOPE_MAX_SECONDS: {given[:40]!r} was given")
    assert "leave it out" in text
    assert len(text) < 300
