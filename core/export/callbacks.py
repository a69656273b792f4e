"""An experiment's callbacks as constructor calls."""

from __future__ import annotations

from collections.abc import Iterator

from core.experiment import Experiment
from core.experiment.callbacks import Checkpoint, Schedule, direction


def callback_lines(experiment: Experiment) -> Iterator[str]:
    """One call a callback, in the order they run, or a comment where plain Keras has none."""
    wanted = experiment.callbacks
    if wanted.schedule:
        yield f"keras.callbacks.LearningRateScheduler({_schedule(wanted.schedule, experiment)}),"
    if wanted.terminate_on_nan:
        yield "keras.callbacks.TerminateOnNaN(),"
    if wanted.plateau:
        part = wanted.plateau
        yield _watching(
            "ReduceLROnPlateau",
            part.monitor,
            f"factor={part.factor!r}",
            f"patience={part.patience}",
            f"min_lr={part.min_learning_rate!r}",
        )
    if wanted.checkpoint:
        yield _checkpoint(wanted.checkpoint)
    if wanted.csv:
        yield 'keras.callbacks.CSVLogger("epochs.csv"),'
    if wanted.tensorboard:
        yield 'keras.callbacks.TensorBoard("tensorboard", write_graph=False),'
    if wanted.early_stopping:
        stop = wanted.early_stopping
        yield _watching(
            "EarlyStopping",
            stop.monitor,
            f"patience={stop.patience}",
            f"min_delta={stop.min_delta!r}",
            f"restore_best_weights={stop.restore_best_weights}",
        )


def needs_math(experiment: Experiment) -> bool:
    """Whether the calls use Python's `math`."""
    schedule = experiment.callbacks.schedule
    return schedule is not None and schedule.kind == "cosine"


def _checkpoint(part: Checkpoint) -> str:
    return _watching(
        "ModelCheckpoint",
        part.monitor,
        f'filepath="{part.file_name}"',
        f"save_best_only={part.best_only}",
        f"save_weights_only={part.weights_only}",
    )


def _schedule(schedule: Schedule, experiment: Experiment) -> str:
    """The learning rate as a formula of the epoch, in the order `Schedule.rates` computes it."""
    warm_up = schedule.warm_up_epochs
    passed = f"(epoch - {warm_up})" if warm_up else "epoch"
    match schedule.kind:
        case "constant":
            share = "1.0"
        case "step":
            share = f"{schedule.factor!r} ** ({passed} // {schedule.every})"
        case "exponential":
            share = f"{schedule.factor!r} ** {passed}"
        case "cosine":
            length, final = experiment.training.epochs - warm_up, schedule.final_share
            wave = f"(1 + math.cos(math.pi * ({passed} / {length}))) / 2"
            share = f"{final!r} + {1 - final!r} * ({wave})"
    if warm_up:
        share = f"(epoch + 1) / {warm_up + 1} if epoch < {warm_up} else {share}"
    return f"lambda epoch: {experiment.training.learning_rate!r} * ({share})"


def _watching(name: str, monitor: str, *settings: str) -> str:
    """A callback that watches a metric; a comment for one that plain Keras does not measure."""
    metric = monitor.removeprefix("val_")
    if metric.startswith("macro_"):
        return f"# {name} is left out: Keras has no {monitor} to watch"
    watched = f'monitor="{monitor}", mode="{direction(monitor)}"'
    return f"keras.callbacks.{name}({watched}, {', '.join(settings)}),"
