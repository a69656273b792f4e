"""A verdict, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal[
    "too_early",
    "underfitting",
    "good_fit",
    "overfitting",
    "diverged",
    "no_validation",
    "unseen_classes",
    "unsettled",
    "not_learning",
    "at_limit",
    "test_differs",
    "cannot_tell",
]


@dataclass(frozen=True)
class Diagnosis:
    """The verdict, one line that says it, the numbers that led to it, and what to try next."""

    verdict: Verdict
    headline: str
    evidence: tuple[str, ...]
    advice: tuple[str, ...]


def found(
    verdict: Verdict, headline: str, evidence: tuple[str, ...], tried: tuple[str, ...]
) -> Diagnosis:
    """A diagnosis without the sentences that have nothing to say."""
    return Diagnosis(
        verdict, headline, tuple(filter(None, evidence)), tuple(dict.fromkeys(filter(None, tried)))
    )
