"""The lines of a script that draw the 2-D datasets: their shapes, by other random numbers."""

from __future__ import annotations

from core.experiment import Experiment

_MAKERS = {"moons": ("make_moons", ""), "circles": ("make_circles", "factor=0.5, ")}
# How each shape places points: lines that use `count`, and set `x` (count, 2) and `y` (count,).
_SHAPES = {
    "spirals": (
        "y = np.arange(count) % 2",
        "place = rng.random(count)",
        "radius, angle = 0.2 + 2.6 * place, np.pi * (2.5 * place + y)",
        "x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)",
    ),
    "xor": (
        "y = np.arange(count) % 2",
        "size = rng.uniform(0.1, 1, (count, 2))",
        "sign = rng.choice([-1.0, 1.0], count)",
        "x = size * np.stack([sign, np.where(y == 0, sign, -sign)], axis=1)",
    ),
    "gaussians": (
        "y = np.arange(count) % 3",
        "x = np.array([(-1.0, -0.5), (0.0, 1.0), (1.0, -0.5)])[y]",
    ),
}
_PLANE = (
    "x = rng.uniform(-1, 1, (count, 2))",
    "y = 0.8 * x[:, 0] - 0.5 * x[:, 1] + 0.3 * np.sin(4 * x[:, 0])",
)


def import_lines(name: str) -> list[str]:
    """What `lines` need."""
    if name in _MAKERS:
        return [f"from sklearn.datasets import {_MAKERS[name][0]}"]
    return ["import numpy as np"]


def lines(experiment: Experiment) -> list[str]:
    """Draw `x_train, y_train, x_test, y_test`, all samples the experiment uses before its split."""
    name, noise, seed = experiment.data.card.name, experiment.data.noise, experiment.seed
    counts = experiment.data.pool_count, experiment.data.card.test_size
    head = ["# The same shape as in Epochscope, drawn by other random numbers."]
    if name in _MAKERS:
        maker, more = _MAKERS[name]
        calls = (f"{maker}({count}, {more}noise={noise!r}, " for count in counts)
        seeds = (f"random_state={one})" for one in (seed, seed + 1))
        train, test = (call + end for call, end in zip(calls, seeds, strict=True))
        return [*head, f"x_train, y_train = {train}", f"x_test, y_test = {test}"]
    return [
        *head,
        f"rng = np.random.default_rng({seed})",
        "",
        "",
        "def draw(count):",
        *(f"    {line}" for line in _SHAPES.get(name, _PLANE)),
        *(f"    {line}" for line in _noise(name, noise)),
        "",
        "",
        *(
            f"x_{part}, y_{part} = draw({count})"
            for part, count in zip(("train", "test"), counts, strict=True)
        ),
    ]


def _noise(name: str, noise: float) -> tuple[str, str]:
    if name in _SHAPES:
        return (
            f"x = x + rng.normal(scale={noise!r}, size=x.shape)",
            'return x.astype("float32"), y',
        )
    return (
        f"y = y + rng.normal(scale={noise!r}, size=count)",
        'return x.astype("float32"), y[:, np.newaxis].astype("float32")',
    )
