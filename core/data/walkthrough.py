"""The preparation as steps to look at, worked out without making the arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.data import image_steps, target_scaling
from core.data.arrays import Array, Floats, Indices, RawData, Split
from core.data.preparation import preparing, rescale, wrong_count
from core.data.registry import raw_data
from core.data.splits import split
from core.data.text import shortened
from core.experiment import Data, DatasetCard

_ROWS_AT_ONCE = 128  # 0.1 MB of Fashion-MNIST


@dataclass(frozen=True)
class ArrayFacts:
    """What one sees of an array: its name in code, shape, dtype, extreme values, and a remark."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    minimum: float
    maximum: float
    note: str = ""


State = tuple[ArrayFacts, ...]
Limits = tuple[float, float]


@dataclass(frozen=True)
class Step:
    """One step: why it is done, and all arrays before and after it (before the first: none)."""

    name: str
    explanation: str
    before: State
    after: State


def steps(data: Data, seed: int, one_hot: bool) -> tuple[Step, ...]:
    """All steps of the preparation, in order, without those that change nothing.

    Raises:
        DatasetUnavailable: the dataset is not on this computer, or damaged.
    """
    raw = raw_data(data, seed)
    state: State = ()
    done = []
    for name, explanation, after in _stages(raw, data, split(raw, data, seed), seed, one_hot):
        if after != state:
            done.append(Step(name, explanation, state, after))
        state = after
    return tuple(done)


def _stages(
    raw: RawData, data: Data, parts: Split, seed: int, one_hot: bool
) -> Iterator[tuple[str, str, State]]:
    """Name, explanation and resulting arrays of every stage, whether it changes them or not."""
    card = data.card
    if image_steps.lacks_channels(card):
        raw = image_steps.without_channels(raw)
    stored = _part("train", raw.x_train, raw.y_train, card)
    train = _part("train", raw.x_train, raw.y_train, card, parts.train)
    validation = _part("validation", raw.x_train, raw.y_train, card, parts.validation)
    test = _part("test", raw.x_test, raw.y_test, card)
    used = tuple(map(_joined, train, validation)) if validation else train
    yield "As stored", _origin(data, seed), (*stored, *test)
    yield "Choose training samples", _choice(data, len(raw.x_train)), (*used, *test)
    state = (*train, *validation, *test)
    yield "Hold back validation samples", _held_back(data), state
    if data.label_noise:
        state = tuple(_mislabelled(facts, data) for facts in state)
        yield "Add label noise", _mislabelling(data), state
    if image_steps.lacks_channels(card):
        state = tuple(image_steps.expanded(facts) for facts in state)
        yield "Expand dims", image_steps.expanding(card), state
    if card.is_image:
        state = tuple(_rescaled(facts, card) for facts in state)
        yield "Rescale to 0–1", _rescaling(card), state
    elif card.is_text:
        held = _held(raw, parts)
        whole = data.model_copy(update={"sequence_length": card.shape[0]})
        state = tuple(_shortened(facts, held, whole) for facts in state)
        yield "Keep the most frequent words", _rare_words(data), state
        state = tuple(_shortened(facts, held, data) for facts in state)
        yield "Keep the last tokens", _last_tokens(data), state
    elif data.scaler != "none":
        prepared = preparing(raw, data, parts)
        held = {
            "train": _by_feature(raw.x_train, parts.train),
            "validation": _by_feature(raw.x_train, parts.validation),
            "test": _by_feature(raw.x_test, np.arange(len(raw.x_test))),
        }
        state = tuple(_scaled(facts, held, prepared) for facts in state)
        yield "Scale features", _scaling(data), state
    if one_hot:
        state = tuple(_encoded(facts, card) for facts in state)
        yield "One-hot labels", _encoding(card), state
    if data.target_scaling != "none":
        scale = target_scaling.target_scale(data, seed)
        state = tuple(target_scaling.measured(facts, scale) for facts in state)
        yield "Measure targets", target_scaling.measuring(scale), state
    if data.augmentation.kinds:
        state = tuple(image_steps.augmented(facts) for facts in state)
        yield "Augment in training", image_steps.augmenting(data), state


def _part(part: str, x: Array, y: Array, card: DatasetCard, rows: Indices | None = None) -> State:
    if rows is not None and not len(rows):
        return ()
    return (_facts(f"x_{part}", x, rows, card.value_range), _facts(f"y_{part}", y, rows, None))


def _facts(name: str, array: Array, rows: Indices | None, limits: Limits | None) -> ArrayFacts:
    rows = np.arange(len(array)) if rows is None else np.sort(rows)
    shape = (len(rows), *array.shape[1:])
    return ArrayFacts(name, shape, str(array.dtype), *_extremes(array, rows, limits))


def _extremes(array: Array, rows: Indices, limits: Limits | None) -> Limits:
    """The lowest and highest value. Once they are the `limits`, the rest need not be read."""
    low, high = math.inf, -math.inf
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = array[rows[start : start + _ROWS_AT_ONCE]]
        low, high = min(low, float(part.min())), max(high, float(part.max()))
        if (low, high) == limits:
            break
    return low, high


def _by_feature(array: Array, rows: Indices) -> Array:
    """The lowest and the highest value of each feature (2, features), read piece by piece."""
    low = np.full(array.shape[1:], np.inf, array.dtype)
    high = -low
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = array[rows[start : start + _ROWS_AT_ONCE]]
        low, high = np.minimum(low, part.min(axis=0)), np.maximum(high, part.max(axis=0))
    return np.stack([low, high])


def _joined(one: ArrayFacts, other: ArrayFacts) -> ArrayFacts:
    return replace(
        one,
        shape=(one.shape[0] + other.shape[0], *one.shape[1:]),
        minimum=min(one.minimum, other.minimum),
        maximum=max(one.maximum, other.maximum),
    )


def _rescaled(facts: ArrayFacts, card: DatasetCard) -> ArrayFacts:
    if not facts.name.startswith("x"):
        return facts
    ends = rescale(np.array([facts.minimum, facts.maximum]), card)
    return replace(facts, dtype=str(ends.dtype), minimum=float(ends[0]), maximum=float(ends[1]))


def _held(raw: RawData, parts: Split) -> dict[str, Array]:
    """The stored samples of each part."""
    return {
        "train": raw.x_train[parts.train],
        "validation": raw.x_train[parts.validation],
        "test": raw.x_test,
    }


def _shortened(facts: ArrayFacts, held: Mapping[str, Array], data: Data) -> ArrayFacts:
    kind, _, part = facts.name.partition("_")
    if kind != "x":
        return facts
    texts = held[part]
    low, high = math.inf, -math.inf
    for start in range(0, len(texts), _ROWS_AT_ONCE):
        tokens = shortened(texts[start : start + _ROWS_AT_ONCE], data)
        low, high = min(low, float(tokens.min())), max(high, float(tokens.max()))
    shape = (len(texts), *data.sample_shape)
    return replace(facts, shape=shape, dtype="int32", minimum=low, maximum=high)


def _scaled(
    facts: ArrayFacts, held: Mapping[str, Array], prepared: Callable[[Array], Floats]
) -> ArrayFacts:
    kind, _, part = facts.name.partition("_")
    if kind != "x":
        return facts
    # A scaler keeps the order within a feature: the extremes of each are enough.
    ends = prepared(held[part])
    return replace(
        facts, dtype=str(ends.dtype), minimum=float(ends.min()), maximum=float(ends.max())
    )


def _mislabelled(facts: ArrayFacts, data: Data) -> ArrayFacts:
    if facts.name != "y_train":
        return facts
    return replace(facts, note=f"{wrong_count(data):,} wrong")


def _encoded(facts: ArrayFacts, card: DatasetCard) -> ArrayFacts:
    if not facts.name.startswith("y"):
        return facts
    shape = (facts.shape[0], card.class_count)
    return replace(facts, shape=shape, dtype="float32", minimum=0.0, maximum=1.0)


def _origin(data: Data, seed: int) -> str:
    card = data.card
    if not card.generated:
        return f"{card.source}. Licence: {card.licence}."
    return (
        f"{data.pool_count:,} training points drawn from seed {seed} with noise {data.noise:g}, "
        f"and {card.test_size:,} test points drawn apart from them."
    )


def _choice(data: Data, of: int) -> str:
    kept = "" if data.card.task == "regression" else "; classes keep their shares"
    return f"{data.pool_count:,} of {of:,} training samples are drawn at random{kept}."


def _held_back(data: Data) -> str:
    return (
        f"{data.validation_count:,} of {data.pool_count:,} samples are held back to watch for "
        "overfitting: no weight is fitted to them. The test samples stay apart from both."
    )


def _rescaling(card: DatasetCard) -> str:
    low, high = card.value_range or (0, 1)
    return (
        f"Pixels from {low:g}–{high:g} become numbers from 0 to 1: "
        "a network learns more steadily from small inputs."
    )


def _mislabelling(data: Data) -> str:
    return (
        f"{wrong_count(data):,} of the {data.train_count:,} samples trained on get the label of "
        "another class. Validation and test samples keep theirs: their scores show "
        "whether the network memorized the wrong ones."
    )


def _rare_words(data: Data) -> str:
    return (
        f"Each word is a number, by how frequent it is. Numbers from {data.vocabulary:,} on all "
        "become 2, which stands for an unknown word: of words this rare little can be learned."
    )


def _last_tokens(data: Data) -> str:
    return (
        f"The last {data.sample_shape[0]:,} of {data.card.shape[0]:,} tokens are read; shorter "
        "texts are filled up with 0 in front."
    )


def _scaling(data: Data) -> str:
    return {
        "standard": "From each feature its mean is taken, then it is divided by its standard "
        "deviation (scikit-learn's StandardScaler).",
        "minmax": "Each feature is mapped so that its lowest value becomes 0 and its highest 1 "
        "(scikit-learn's MinMaxScaler).",
        "robust": "From each feature its median is taken, then it is divided by the range of its "
        "middle half: outliers count little (scikit-learn's RobustScaler).",
    }[data.scaler] + (
        " These are those of the samples trained on, alone: what is held back must tell nothing."
    )


def _encoding(card: DatasetCard) -> str:
    return (
        f"A class number becomes {card.class_count} numbers, 1 in the column of the class and 0 "
        "elsewhere: this loss compares them with one output a class."
    )
