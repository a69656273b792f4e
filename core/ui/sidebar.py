"""The sidebar: everything that decides the next run, and the buttons that start and stop it."""

from __future__ import annotations

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from core import data
from core.experiment import SCALING_TITLES, TARGET_SCALING_TITLES
from core.experiment.models import READER_TITLES
from core.experiment.presets import DESCRIPTIONS, PRESETS
from core.experiment.training import LOOP_TITLES, LOSS_TITLES, OPTIMIZER_TITLES
from core.ui import (
    actions,
    augmentation_view,
    budget,
    callbacks_form,
    downloads,
    form,
    kept,
    model_choices,
    own_sets,
    state,
    unseen_view,
)
from core.ui.choices import SWITCHED
from core.ui.controls import Controls, place_of

_CLOSED = "epochscope.sidebar"


def show() -> form.Draft:
    """Draw the sidebar and return what it says."""
    form.choose_dataset()
    draft = form.draft()
    controls = Controls(draft)
    with st.sidebar:
        top = st.container()
        with st.expander("Data", expanded=True, icon=":material/database:"):
            _data(controls)
            unseen_view.show(draft.experiment)
        if form.dataset().is_image:
            with _section(
                "Augmentation", ":material/auto_awesome_motion:", "augmentation"
            ) as augmentation:
                if augmentation.open:
                    augmentation_view.show_controls(controls, draft)
        with st.expander("Model", expanded=True, icon=":material/account_tree:"):
            _model(controls)
        with st.expander("Training", expanded=True, icon=":material/tune:"):
            _training(controls)
        with _section("Callbacks", ":material/notifications:", "callbacks", *SWITCHED) as callbacks:
            if callbacks.open:
                callbacks_form.show(controls, draft)
        with _section("Expert", ":material/build:", "training.loop") as expert:
            if expert.open:
                controls.choice("training.loop", LOOP_TITLES)
        with top:
            for problem in controls.rest():
                st.error(problem.message, icon=":material/error:")
            _buttons(draft)
    return draft


def section_key(title: str) -> str:
    """The session-state key that says whether a part is open."""
    return f"{_CLOSED}.{title}"


def _section(title: str, icon: str, *parts: str) -> ExpanderContainer:
    """A part that is closed at first, unless something in it is set from the beginning.

    While it is, nothing in it is drawn: each control costs.
    """
    return kept.expander(title, section_key(title), icon, opened=form.choices().sets(*parts))


def _buttons(draft: form.Draft) -> None:
    full, refused = budget.queue_problem(), downloads.refusal(form.dataset())
    if full:
        st.error(full.message, icon=":material/error:")
    train, stop = st.columns(2)
    with train:
        st.button(
            "Train",
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            disabled=draft.experiment is None or full is not None or refused is not None,
            help="Correct what is marked below first." if draft.problems or refused else None,
            on_click=actions.train,
        )
    can_stop = actions.can_stop()
    if can_stop is not None:
        with stop:
            st.button(
                "Stop",
                icon=":material/stop:",
                width="stretch",
                disabled=not can_stop,
                help="Stop the run you look at, test it, and keep its epochs so far.",
                on_click=actions.stop,
            )
    budget.show_estimate(draft.estimate)
    if own_sets.facts(form.dataset().name):
        st.caption("A run on your own data is private: only you see it.")
        return
    st.toggle(
        "Private run",
        value=state.wants_private(),
        key=state.PRIVATE,
        persist_state="session",
        help="Only you see the runs you start. Others who open their address find nothing.",
    )


def _data(controls: Controls) -> None:
    controls.choice("data.dataset", downloads.titles() | own_sets.titles())
    card = form.dataset()
    downloads.show_note(card)
    st.caption(card.summary)
    controls.number("data.training_samples", step=100)
    if card.generated:
        controls.share("data.noise", maximum=1.0)
    if card.is_text:
        controls.numbers("data.vocabulary_size", "data.sequence_length", step=500, right_step=10)
    elif not card.is_image:
        controls.choice("data.scaling", SCALING_TITLES)
        if form.value("data.scaling") != "none":
            data.warm_scaling()
    if not card.classes:
        controls.choice("data.target_scaling", TARGET_SCALING_TITLES)
    controls.share("data.validation_split")
    if card.classes:
        controls.share("data.label_noise")


def _model(controls: Controls) -> None:
    key, offered = form.control_key("model"), model_choices.offered(form.dataset())
    st.selectbox(
        "Model",
        offered,
        index=place_of(key, offered),
        format_func=model_choices.TITLES.__getitem__,
        key=key,
        on_change=form.model_changed,
        help="A quick builder, a preset with its training settings, or your own layers.",
    )
    choice = form.value("model")
    if choice == model_choices.MLP:
        _mlp(controls)
    elif choice == model_choices.CNN:
        _cnn(controls)
    elif choice == model_choices.TEXT:
        _text(controls)
    else:
        _by_layers(choice)
    controls.explain("model")
    if controls.needs_usual_model():
        title = "text" if form.dataset().is_text else "MLP"
        st.button(f"Use the {title} model", on_click=actions.use_usual_model, width="stretch")


def _mlp(controls: Controls) -> None:
    controls.numbers("mlp.hidden_layers", "mlp.units", right_step=16)
    controls.choice("mlp.activation")
    _regularization(controls)


def _cnn(controls: Controls) -> None:
    controls.numbers("cnn.blocks", "cnn.convolutions")
    controls.numbers("cnn.filters", "cnn.kernel_size", step=8)
    controls.numbers("cnn.strides", "cnn.dense_units", right_step=16)
    left, right = st.columns(2)
    with left:
        controls.choice("cnn.padding")
    with right:
        controls.choice("cnn.pooling")
    controls.choice("cnn.activation")
    _regularization(controls)
    controls.share("cnn.dense_dropout", maximum=0.95)


def _text(controls: Controls) -> None:
    controls.choice("text.reader", READER_TITLES)
    reader = form.value("text.reader")
    controls.numbers("text.embedding_size", "text.dense_units", step=8, right_step=8)
    if reader == "convolution":
        controls.numbers("text.reader_units", "text.kernel_size", step=8)
    elif reader != "average":
        controls.number("text.reader_units", step=8)
    controls.choice("text.activation")
    _regularization(controls)


def _regularization(controls: Controls) -> None:
    controls.share("mlp.dropout", maximum=0.95)
    controls.toggle("mlp.batch_normalization")
    controls.numbers("mlp.l1", "mlp.l2", step=0.0001, right_step=0.0001)


def _by_layers(choice: str) -> None:
    if choice in PRESETS:
        st.caption(DESCRIPTIONS[choice])
        st.button(
            "Edit these layers",
            icon=":material/edit:",
            on_click=actions.edit_preset,
            args=(choice,),
            width="stretch",
        )
    else:
        st.caption("Set each layer by hand on the **Model** page.")


def _training(controls: Controls) -> None:
    controls.choice("training.loss", LOSS_TITLES)
    controls.choice("training.optimizer", OPTIMIZER_TITLES)
    optimizer = form.value("training.optimizer")
    if optimizer in ("sgd", "rmsprop"):
        controls.share("training.momentum", maximum=0.95)
    if optimizer == "sgd":
        controls.toggle("training.nesterov")
    if optimizer == "adamw":
        controls.number("training.weight_decay", step=0.001)
    controls.number("training.learning_rate", step=0.0005)
    controls.numbers("training.epochs", "training.batch_size", right_step=16)
    controls.toggle("training.shuffle")
    controls.number("seed")
