"""`Choices`: what a visitor has set in the sidebar; everything else is as usual for the data.

No Streamlit here: `core.ui.form` keeps one for each session and shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.experiment import (
    CNN,
    DATASETS,
    DEFAULT_DATASET,
    MLP,
    Augmentation,
    Custom,
    Data,
    DatasetCard,
    Experiment,
    OwnData,
    TextNetwork,
    Training,
)
from core.experiment.callbacks import Callbacks, Checkpoint, EarlyStopping, Plateau, Schedule
from core.experiment.data import usual_scaling
from core.experiment.fields import Part, field_facts
from core.experiment.presets import BROUGHT, PRESETS
from core.experiment.training import USUAL_LOSS, USUAL_RATE
from core.experiment.usual import PATHS, usual_settings
from core.ui import model_choices

# Callbacks with settings of their own, each with a switch among those of `callbacks`.
SWITCHED: dict[str, type[Part]] = {
    "early_stopping": EarlyStopping,
    "checkpoint": Checkpoint,
    "schedule": Schedule,
    "plateau": Plateau,
}
SECTIONS: dict[str, type[Part]] = {
    "data": Data,
    "augmentation": Augmentation,
    "training": Training,
    "mlp": MLP,
    "cnn": CNN,
    "text": TextNetwork,
    "callbacks": Callbacks,
    **SWITCHED,
}
# One control serves all builders where they share a knob.
_SHARED = ("activation", "dropout", "batch_normalization", "l1", "l2")
_FIRST_VISIT: dict[str, Any] = {"mlp.dropout": 0.2, "data.target_scaling": "standard", "seed": 0}
_BROUGHT_PATHS = frozenset(path for brought in BROUGHT.values() for path in brought)
# What is usual for these changes with the data, the model or the optimizer.
VARYING = PATHS | _BROUGHT_PATHS | {"model", "training.learning_rate"}


def fields(part: type[Part]) -> tuple[str, ...]:
    """The fields a section holds; a part of `Data` is a section of its own."""
    return tuple(name for name in part.model_fields if name not in ("augmentation", "own", "kind"))


def home(path: str) -> str:
    """The field that holds what builders share."""
    section, _, name = path.partition(".")
    return f"mlp.{name}" if section in ("cnn", "text") and name in _SHARED else path


# Every field once, those first that others depend on.
ALL = tuple(
    dict.fromkeys(
        (
            *("data.dataset", "model", "training.optimizer", "seed"),
            *(
                home(f"{section}.{name}")
                for section, part in SECTIONS.items()
                for name in fields(part)
            ),
        )
    )
)


class Choices:
    """The values that were set, by slot: what means something else for other data has one each."""

    def __init__(self, own: Callable[[str], OwnData | None] = lambda _: None) -> None:
        self.held: dict[str, Any] = {}
        self._own = own

    @property
    def card(self) -> DatasetCard:
        """The dataset chosen."""
        name = self.held.get("data.dataset", DEFAULT_DATASET)
        if name in DATASETS:
            return DATASETS[name]
        own = self._own(name)
        # A browser may send a title with its arrow when the download has just ended.
        return own.card if own else DATASETS[DEFAULT_DATASET]

    def has(self, name: str) -> bool:
        """Whether the visitor has own data of this name."""
        return self._own(name) is not None

    def sets(self, *parts: str) -> bool:
        """Whether anything of these sections, or these fields, is set."""
        return any(
            slot == part or slot.startswith(f"{part}.") for slot in self.held for part in parts
        )

    def slot(self, path: str) -> str:
        """Where the value of a field is held for the data chosen."""
        path, card = home(path), self.card
        name = path.rpartition(".")[2]
        if path == "model":
            return f"{path}.{model_choices.kind(card)}"
        if path in ("data.training_samples", "data.vocabulary_size", "data.sequence_length"):
            return f"{path}.{card.name}"
        if path == "data.scaling":
            return f"{path}.{'table' if card.is_table else 'other'}"
        if name in ("monitor", "target_scaling"):
            return f"{path}.{card.task}"
        if path == "training.loss":
            return f"{path}.{card.task}.{min(card.class_count, 3)}"
        return path

    def value(self, path: str) -> Any:
        """What was set for a field, or what is usual."""
        slot = self.slot(path)
        return self.held[slot] if slot in self.held else self.usual(path)

    def usual(self, path: str) -> Any:
        """What one would begin with: of the preset, else of the dataset, else of the field."""
        path, card = home(path), self.card
        if path == "training.learning_rate":
            return self._usual_rate()
        if path in VARYING:
            usual = self._usual_here()
            if path == "model":
                return usual.get(path) or model_choices.usual(card)
            if path in usual:
                return usual[path]
        depends = _USUAL.get(path)
        return depends(card) if depends else _default(path)

    def put(self, path: str, value: Any) -> None:
        """Set a field; what is set to the usual follows the usual from then on."""
        self.put_slot(self.slot(path), self.usual(path), value)

    def put_slot(self, slot: str, usual: Any, value: Any) -> None:
        """As `put`, of a control that was drawn while `usual` was usual."""
        if value is None or value == usual:
            self.held.pop(slot, None)
        else:
            self.held[slot] = value

    def take_preset(self) -> None:
        """Have a preset that was just chosen bring its own settings."""
        for path in ALL:
            section = path.partition(".")[0]
            kept = path in ("data.dataset", "data.target_scaling", "training.loop")
            if section in ("data", "augmentation", "training", "seed") and not kept:
                self.held.pop(self.slot(path), None)

    def keep_brought(self, preset: str) -> None:
        """Keep a preset's settings where another model is chosen."""
        for path, value in BROUGHT[preset].items():
            if path != "data.training_samples" or self.card.name == DEFAULT_DATASET:
                self.put(path, value)

    def fill(self, experiment: Experiment) -> None:
        """Set every field to what `experiment` says."""
        self.held = {}
        self.put("data.dataset", experiment.data.card.name)
        self._fill_model(experiment.model)
        training = experiment.training
        self.put("training.optimizer", training.optimizer)
        self._fill("data", experiment.data)
        self._fill("augmentation", experiment.data.augmentation)
        self._fill("training", training)
        self.put("seed", experiment.seed)
        self.put("data.training_samples", experiment.data.pool_count)
        self.put("data.scaling", experiment.data.scaler)
        for path, used in _reading(experiment.data).items():
            self.put(path, used)
        self.put("training.loss", experiment.loss)
        self._fill("callbacks", experiment.callbacks)
        for section in SWITCHED:
            part = getattr(experiment.callbacks, section)
            self.put(f"callbacks.{section}", part is not None)
            if part is not None:
                self._fill(section, part)

    def _fill_model(self, model: MLP | CNN | TextNetwork | Custom) -> None:
        if isinstance(model, Custom):
            is_preset = model.preset in PRESETS and PRESETS[model.preset].model == model
            self.put("model", model.preset if is_preset else model_choices.CUSTOM)
        else:
            self.put("model", model.kind)
            self._fill(model.kind, model)

    def _fill(self, section: str, part: Part) -> None:
        skipped = ["data.dataset", *(f"callbacks.{name}" for name in SWITCHED)]
        if self.card.classes:
            skipped.append("data.target_scaling")
        for name in fields(type(part)):
            if (path := f"{section}.{name}") not in skipped:
                self.put(path, getattr(part, name))

    def _brought(self) -> Mapping[str, Any]:
        """What the preset chosen says beside its layers."""
        slot = self.slot("model")
        brought = BROUGHT.get(self.held.get(slot, ""), {})
        if self.card.name == DEFAULT_DATASET:
            return brought
        return {path: value for path, value in brought.items() if not path.startswith("data.")}

    def _usual_here(self) -> Mapping[str, Any]:
        brought = self._brought()
        usual = usual_settings(self.card)
        return {**usual, **brought} if brought else usual

    def _usual_rate(self) -> float:
        usual = self._usual_here()
        optimizer = self.value("training.optimizer")
        known = optimizer == usual.get("training.optimizer", "adam")
        rate: float = usual.get("training.learning_rate", 0.0) if known else 0.0
        return rate or USUAL_RATE[optimizer]


def _reading(data: Data) -> dict[str, int]:
    """What is used of texts, by field."""
    if not data.card.is_text:
        return {}
    return {
        "data.vocabulary_size": data.vocabulary,
        "data.sequence_length": data.sample_shape[0],
    }


def _default(path: str) -> Any:
    section, _, name = path.partition(".")
    if path in _FIRST_VISIT:
        return _FIRST_VISIT[path]
    return False if name in SWITCHED else field_facts(SECTIONS[section], name).default


def _usual_reading(name: str) -> Callable[[DatasetCard], int | None]:
    return lambda card: _reading(Data(dataset=card.name))[name] if card.is_text else None


_USUAL: dict[str, Callable[[DatasetCard], Any]] = {
    "training.loss": lambda card: USUAL_LOSS[card.task],
    "data.training_samples": lambda card: card.default_samples or card.train_size,
    "data.scaling": usual_scaling,
    **{name: _usual_reading(name) for name in ("data.vocabulary_size", "data.sequence_length")},
}
