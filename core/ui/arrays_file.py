"""A dataset as a file to take away: arrays, divided as an experiment's settings say."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.data.packing import pack, packed_bytes
from core.experiment import Experiment
from core.export import file_name
from core.ui import own_sets, platform, uploads, wording
from core.ui.server import outgoing

MOST_BYTES = 64_000_000


def show(experiment: Experiment, label: str, key: str) -> None:
    """Offer the arrays of data that only Epochscope has; the exported scripts open the file."""
    name = file_name(experiment)
    if name is None or own_sets.problems(experiment):
        return
    size_bytes = packed_bytes(experiment.data)
    if size_bytes > MOST_BYTES:
        most = wording.size(MOST_BYTES)
        st.caption(f"As arrays {wording.size(size_bytes)}: more than the {most} to download.")
        return
    st.download_button(
        label,
        partial(_packed, experiment, name),
        file_name=name,
        mime="application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        key=key,
        help="The arrays, divided into training, validation and test samples as the settings say, "
        f"not yet scaled ({wording.size(size_bytes)}). The Keras code opens this file.",
    )


def _packed(experiment: Experiment, name: str) -> bytes:
    platform.bring(experiment.data)
    path = uploads.new_folder() / name
    with path.open("wb") as file:
        pack(experiment.data, experiment.seed, file)
    return outgoing.of_made(path)
