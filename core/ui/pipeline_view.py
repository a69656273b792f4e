"""The preparation as a program, on the Data page."""

from __future__ import annotations

import streamlit as st

from core.experiment import Experiment
from core.export import tf_data_script
from core.ui import code_view


def show(experiment: Experiment) -> None:
    """The `tf.data` program that makes the batches training gets."""
    st.caption(
        "With TensorFlow's tf.data, for programs of your own. Epochscope itself picks the "
        "batches from arrays in memory, which is faster for data that fits."
    )
    code_view.show(tf_data_script(experiment), "batches.py", experiment)
