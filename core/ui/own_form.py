"""What to make of an uploaded file: how it looks, and what its owner chooses of it."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from core.data.own import ArraysLook, Choices, ImagesLook, Look, TableLook
from core.experiment import clean_title
from core.experiment.own import NAME_LENGTH
from core.ui import notices, own_arrays_form, own_images_form, own_table


def show(look: Look, name: str, key: str) -> tuple[str, Choices | None]:
    """Draw the form for a file that was looked at; the title and the choices made.

    `key` tells the files apart. No choices are given back where nothing could be made of them.
    """
    notices.show_findings(look.warnings)
    match look:
        case TableLook():
            choices: Choices | None = own_table.show(look, key)
        case ImagesLook():
            choices = own_images_form.show(look, key)
        case ArraysLook():
            choices = own_arrays_form.show(look, key)
    title = st.text_input(
        "Title",
        clean_title(PurePath(name).stem),
        max_chars=NAME_LENGTH,
        key=f"{key}-title",
        help="Letters, digits, spaces and , - + ( ) '; other signs become spaces.",
    )
    return clean_title(title), choices
