"""The sidebar's callbacks: a switch for each, and its settings while it is on."""

from __future__ import annotations

from core import figures
from core.experiment.callbacks import SCHEDULE_TITLES
from core.ui import charts, form, wording
from core.ui.controls import Controls


def show(controls: Controls, draft: form.Draft) -> None:
    """Draw them in the order in which one gets to know them."""
    if _switch(controls, "early_stopping"):
        _monitor(controls, "early_stopping")
        controls.numbers("early_stopping.patience", "early_stopping.min_delta", right_step=0.001)
        controls.toggle("early_stopping.restore_best_weights")
    if _switch(controls, "checkpoint"):
        _monitor(controls, "checkpoint")
        controls.toggle("checkpoint.best_only")
        controls.toggle("checkpoint.weights_only")
    if _switch(controls, "schedule"):
        _schedule(controls, draft)
    if _switch(controls, "plateau"):
        _monitor(controls, "plateau")
        controls.numbers("plateau.factor", "plateau.patience", step=0.05)
        controls.number("plateau.min_learning_rate", step=0.0001)
    controls.toggle("callbacks.terminate_on_nan")
    controls.toggle("callbacks.csv")
    controls.toggle("callbacks.tensorboard")


def _switch(controls: Controls, name: str) -> bool:
    controls.toggle(f"callbacks.{name}")
    return bool(form.value(f"callbacks.{name}"))


def _monitor(controls: Controls, name: str) -> None:
    titles = {monitor: wording.full_title(monitor) for monitor in form.monitors()}
    controls.choice(f"{name}.monitor", titles)


def _schedule(controls: Controls, draft: form.Draft) -> None:
    controls.choice("schedule.kind", SCHEDULE_TITLES)
    kind = form.value("schedule.kind")
    if kind in ("step", "exponential"):
        controls.number("schedule.factor", step=0.05)
    if kind == "step":
        controls.number("schedule.every")
    if kind == "cosine":
        controls.share("schedule.final_share", maximum=1.0)
    controls.number("schedule.warm_up_epochs")
    experiment = draft.experiment
    if experiment and experiment.callbacks.schedule:
        training = experiment.training
        rates = experiment.callbacks.schedule.rates(training.learning_rate, training.epochs)
        charts.show(figures.SCHEDULE, figures.schedule_info(rates), "schedule")
