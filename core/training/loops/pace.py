"""How many steps to run in one call, so that something can happen in between."""

from __future__ import annotations

TARGET_S = 0.3
_GROWTH = 4


class Pace:
    """Finds the number of steps that take about `TARGET_S` seconds, starting from one.

    Given `every_step`, it stays at one.
    """

    def __init__(self, every_step: bool = False) -> None:
        self._every_step = every_step
        self._steps = 1

    def steps(self, left: int) -> int:
        """Steps to run now, of `left` that are left."""
        return min(self._steps, left)

    def took(self, steps: int, duration_s: float) -> None:
        """Learn from a call of `steps` steps."""
        if self._every_step:
            return
        fitting = int(TARGET_S / max(duration_s / steps, 1e-6))
        self._steps = max(1, min(fitting, _GROWTH * max(steps, self._steps)))
