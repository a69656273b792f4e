"""What tells experiments apart: the settings that differ among them, and names made of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from core.experiment.experiment import Experiment
from core.experiment.fields import Part
from core.experiment.layer_words import brief, layer_settings, whole
from core.experiment.listing import Setting, layers_of, preset_of, settings_of
from core.experiment.own import OwnData
from core.experiment.presets import PRESETS

# With more settings than this, a name leaves out those at their usual value.
MOST_WORDS = 3
Column = tuple[Setting | None, ...]


@dataclass(frozen=True)
class Difference:
    """One setting that is not the same in all experiments; None in those that do not have it."""

    label: str
    settings: Column


@dataclass(frozen=True)
class Differences:
    """The settings that differ, and a name for each experiment, empty where nothing differs.

    Experiments with the same settings have the same name.
    """

    rows: tuple[Difference, ...]
    names: tuple[str, ...]


def differences(experiments: Sequence[Experiment]) -> Differences:
    """Compare experiments setting by setting, in the order of the sidebar.

    The three presets of the lesson and all others are named by the preset alone while nothing
    else was changed.
    """
    return _compared(tuple(experiments))


@lru_cache(maxsize=64)
def _compared(experiments: tuple[Experiment, ...]) -> Differences:
    """Compared once, though a page that follows runs asks again and again."""
    columns = [column for column in _columns(experiments) if _differs(column)]
    names = _names(columns, len(experiments))
    presets = [_untouched_preset(experiment) for experiment in experiments]
    if all(presets) and len(set(presets)) > 1:
        names = tuple(presets)
    return Differences(tuple(Difference(_label(column), column) for column in columns), names)


def _differs(column: Column) -> bool:
    """Whether values differ, or somebody chose one where others have no such setting."""
    values = {setting.value for setting in column if setting}
    return len(values) > 1 or (None in column and _is_chosen(column))


def _columns(experiments: Sequence[Experiment]) -> list[Column]:
    listed = [settings_of(experiment) for experiment in experiments]
    keys = dict.fromkeys(key for settings in listed for key in settings)
    found: list[Column] = []
    for key in _in_order(list(keys)):
        column = tuple(settings.get(key) for settings in listed)
        found.append(_own_apart(experiments, column) if key == "data.dataset" else column)
        if key == "model":
            found += _layer_columns([layers_of(experiment) for experiment in experiments])
    return found


def _in_order(keys: list[str]) -> list[str]:
    """Data before model before training, wherever a key was first met."""
    rooms = ("data", "model", "training", "callbacks", "seed")
    return sorted(keys, key=lambda key: rooms.index(key.partition(".")[0]))


def _label(column: Column) -> str:
    return next(setting.label for setting in column if setting)


def _names(columns: Sequence[Column], count: int) -> tuple[str, ...]:
    named = [column for column in columns if _is_chosen(column)]
    names = _joined(named, count)
    if len(named) > MOST_WORDS:
        # What most have in common comes last, where a narrow list may cut it.
        named = sorted(named, key=_largest_share)
        names = _joined(named, count)
        short = _joined(named, count, lambda setting: not setting.usual)
        often = Counter(short)
        names = tuple(
            brief if brief and often[brief] == names.count(name) else name
            for brief, name in zip(short, names, strict=True)
        )
    if len(set(names)) < len(set(full := _joined(columns, count))):
        often = Counter(names)
        pairs = zip(names, full, strict=True)
        names = tuple(all_words if often[name] > 1 else name for name, all_words in pairs)
    return names


def _is_chosen(column: Column) -> bool:
    """Whether somebody chose the difference: else it follows from another setting."""
    return any(setting and not setting.usual for setting in column)


def _largest_share(column: Column) -> int:
    """How many experiments have the most frequent value."""
    return max(Counter(column).values())


def _joined(
    columns: Sequence[Column], count: int, wanted: Callable[[Setting], bool] = lambda _: True
) -> tuple[str, ...]:
    found = []
    for place in range(count):
        settings = [setting for column in columns if (setting := column[place])]
        words = [setting.words for setting in settings if wanted(setting)]
        # `early stopping` is said by `early stopping patience 9`.
        said = {one[:place] for one in words for place, sign in enumerate(one) if sign == " "}
        found.append(" · ".join(one for one in words if one not in said))
    return tuple(found)


def _untouched_preset(experiment: Experiment) -> str:
    name = preset_of(experiment)
    return name if name and experiment == PRESETS[name] else ""


def _own_apart(experiments: Sequence[Experiment], column: Column) -> Column:
    """Own datasets of one title, told apart by the first fact in which they differ."""
    by_title: dict[str, set[OwnData]] = {}
    for experiment in experiments:
        if own := experiment.data.own:
            by_title.setdefault(own.title, set()).add(own)
    titles = [
        f"{own.title} ({_fact(own, by_title[own.title])})"
        if (own := experiment.data.own) and len(by_title[own.title]) > 1
        else experiment.data.card.title
        for experiment in experiments
    ]
    return tuple(
        setting and replace(setting, value=title, words=title)
        for setting, title in zip(column, titles, strict=True)
    )


def _fact(own: OwnData, others: set[OwnData]) -> str:
    facts: tuple[Callable[[OwnData], str], ...] = (
        lambda one: f"{one.train_size + one.test_size:,} samples",
        lambda one: f"{len(one.classes)} classes" if one.classes else "a number to predict",
        lambda one: f"{one.shape[0]:,} features",
        lambda one: f"file {one.key[:6]}",
    )
    told = (fact for fact in facts if len({fact(one) for one in others}) == len(others))
    return next(told, facts[-1])(own)


def _layer_columns(stacks: Sequence[tuple[Part, ...]]) -> list[Column]:
    """How layers made by hand differ: field by field, or if their kinds differ, as a whole."""
    given = [stack for stack in stacks if stack]
    if len(set(given)) < 2:
        return []
    if len({tuple(type(layer) for layer in stack) for stack in given}) > 1:
        return [_different_parts(stacks)]
    found: list[Column] = []
    for place in range(len(given[0])):
        listed = [layer_settings(place, stack[place]) if stack else {} for stack in stacks]
        keys = dict.fromkeys(key for settings in listed for key in settings)
        found += [tuple(settings.get(key) for settings in listed) for key in keys]
    return found


def _different_parts(stacks: Sequence[tuple[Part, ...]]) -> Column:
    """What stands between the layers that all stacks begin and end with."""
    given = [stack for stack in stacks if stack]
    start = _shared(given)
    end = _shared([stack[start:][::-1] for stack in given])
    parts = [stack[start : len(stack) - end] for stack in stacks]
    distinct = {part for part, stack in zip(parts, stacks, strict=True) if stack}
    words = brief if len({_arrows(part, brief) for part in distinct}) == len(distinct) else whole
    others = [_arrows(part, words) for part in distinct if part]
    without = f"without {others[0]}" if len(others) == 1 else "without these layers"
    return tuple(
        Setting("Layers", _arrows(part, words) or without, _arrows(part, words) or without)
        if stack
        else None
        for part, stack in zip(parts, stacks, strict=True)
    )


def _shared(stacks: Sequence[tuple[Part, ...]]) -> int:
    """How many layers all stacks begin with."""
    same = takewhile(lambda layers: len(set(layers)) == 1, zip(*stacks, strict=False))
    return sum(1 for _ in same)


def _arrows(layers: Sequence[Part], words: Callable[[Part], str]) -> str:
    return " → ".join(map(words, layers))
