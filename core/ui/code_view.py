"""A program to read, copy and save, with the data it opens."""

from __future__ import annotations

import streamlit as st

from core.experiment import Experiment
from core.ui import arrays_file


def show(source: str, file_name: str, experiment: Experiment) -> None:
    """Draw a Python program on `experiment`'s data, and offer it as the file `file_name`.

    Long lines are wrapped: nothing is cut, and nothing has to be scrolled sideways.
    """
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download .py",
            source,
            file_name=file_name,
            mime="text/x-python",
            icon=":material/code:",
            on_click="ignore",
            key=f"download-{file_name}",
            help="The program as a file. Run it with `python` where TensorFlow and scikit-learn "
            "are installed.",
        )
        arrays_file.show(experiment, "Download data", f"data-for-{file_name}")
    st.code(source, language="python", wrap_lines=True)
