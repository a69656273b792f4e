"""What a finished run left to take away, to test again, and to go on from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st

from core.errors import EpochscopeError
from core.jobs import LAST_STATE
from core.records import BEST_WEIGHTS, LAST_WEIGHTS, MODEL, EpochRecord, RunRecord
from core.runs import Library
from core.ui import actions, notices, platform, tables, turns, weights, wording
from core.ui.server import outgoing

_WAIT_S = 30.0
_MEANINGS = {
    "epochs.csv": "What CSVLogger wrote",
    "tensorboard.zip": "Unpack it, then `tensorboard --logdir tensorboard`",
}


def show_files(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """A download for each file, read only when it is asked for."""
    with notices.readable_errors():
        files = platform.artifacts().files(run.id)
        meanings = _MEANINGS | _of_weights(run, epochs)
        if not files:
            st.caption("This run ended before its model could be kept.")
        for name, size_bytes in files.items():
            left, right = st.columns([1, 2], vertical_alignment="center")
            left.download_button(
                name,
                partial(_slip, platform.library(), run.id, name),
                file_name=name,
                mime="application/octet-stream",
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
                key=f"file-{run.id}-{name}",
            )
            meaning = meanings.get(name, "What ModelCheckpoint wrote")
            right.caption(f"{meaning} · {wording.size(size_bytes)}")
        if LAST_WEIGHTS in files:
            _show_test_again(run)


def _of_weights(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> dict[str, str]:
    """What files with weights hold."""
    found = weights.kept(run, epochs)
    return {
        MODEL: f"The whole model, for `keras.models.load_model`: {found.end_title}",
        LAST_WEIGHTS: f"Weights, for `model.load_weights`: {found.end_title}. With the optimizer "
        "of the last epoch",
        BEST_WEIGHTS: f"Weights: {found.best_title}, by {weights.loss_title(epochs)}",
    }


def show_continue(run: RunRecord, epochs: tuple[EpochRecord, ...]) -> None:
    """Go on where the run ended, as a new run."""
    if not platform.artifacts().has_file(run.id, LAST_WEIGHTS):
        return
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    more = left.number_input(
        "Continue for",
        1,
        1000,
        10,
        key="train.continue",
        persist_state="session",
        help="Epochs.",
    )
    right.button(
        "Continue",
        icon=":material/resume:",
        on_click=actions.continue_training,
        args=(run, int(more)),
        help="A new run that begins with this one's epochs and goes on as if this one had not "
        "ended: with the weights and the optimizer of its last epoch, and its best so far.",
    )
    for note in _continue_notes(run, epochs, int(more)):
        st.caption(note)


def _continue_notes(run: RunRecord, epochs: tuple[EpochRecord, ...], more: int) -> Iterator[str]:
    """Where going on is not what one may expect."""
    done = run.epochs_done
    schedule = run.experiment.callbacks.schedule
    if schedule and schedule.kind == "cosine":
        total = done + more
        rate = schedule.rates(run.experiment.training.learning_rate, total)[done]
        yield (
            f"The cosine of the learning rate is drawn over all {total:,} epochs: epoch {done + 1} "
            f"is trained with {rate:.3g}, epoch {done} was with {epochs[-1].learning_rate:.3g}."
        )
    if not platform.artifacts().has(run.id, LAST_STATE):
        yield (
            "An earlier version kept only the weights this run ended with: they are what is gone "
            f"on from, and the best epoch is sought from epoch {done + 1} on."
        )
    elif run.stopped_early and run.experiment.callbacks.early_stopping:
        yield (
            f"It goes on from the weights of epoch {done}. Early stopping waits anew and keeps the "
            "best it has seen."
        )


def _slip(library: Library, run_id: str, name: str) -> bytes:
    """What stands for a file, if the visitor may still see the run when the download is pressed."""
    return outgoing.of_run(library.get(run_id).id, name)


def _show_test_again(run: RunRecord) -> None:
    if not st.button(
        "Test again",
        icon=":material/replay:",
        help="Load the weights from the file and evaluate them on the test samples once more.",
        key=f"test-again-{run.id}",
    ):
        return
    try:
        visitor = platform.library().visitor
        with st.spinner("Testing …"), turns.let_others():
            found = platform.jobs().evaluate(run.id, LAST_WEIGHTS, visitor, _WAIT_S)
    except EpochscopeError as error:
        notices.show_error(error)
        return
    rows = [
        {"": wording.test_title(name), "After training": run.evaluation.get(name), "Now": value}
        for name, value in found.items()
    ]
    tables.show(rows, width="content")
    if not run.evaluation:
        st.info("The run was stopped before its own test: there is nothing to compare with.")
    elif found == run.evaluation:
        st.success("Equal to the last bit.", icon=":material/verified:")
    else:
        st.info("Not equal to the last bit: this computer rounds in another order.")
