"""A visitor's own data on the Data page: upload, look, choose, convert, and what they have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.data import own
from core.errors import EpochscopeError, LimitExceeded, StoreUnavailable, UnusableUpload
from core.experiment import Experiment
from core.settings import settings
from core.ui import (
    adding,
    arrays_file,
    live,
    notices,
    own_form,
    own_list,
    own_reading,
    turns,
    uploads,
    wording,
)

_VERSION = "epochscope.upload_version"
_LOOKED = "epochscope.upload_looked_at"
_GOING = "epochscope.conversion"
_DONE = "epochscope.conversion_done"
_POLL_S = 0.5
_LINES = 5
_TYPES = tuple(ending.removeprefix(".") for ending in own.ENDINGS)
_WHAT = (
    "A table (CSV, text, Excel, OpenDocument, JSON, Parquet; also packed), images in a .zip or "
    ".tar with their classes as folders, in their names or in a table, or arrays `x` and `y` in a "
    ".npz. Only you will see it."
)


@dataclass(frozen=True)
class _Looked:
    """A file that was looked at: what was seen, or why it cannot be used."""

    file_id: str
    upload: uploads.Upload
    look: own.Look | None
    refusal: UnusableUpload | None = None
    reading: own.TableReading = field(default_factory=own.TableReading)


def show() -> None:
    """Draw the place where data are brought along and taken away again."""
    going = st.session_state.get(_GOING)
    done = st.session_state.get(_DONE)
    is_open = going is not None or done is not None
    with st.expander("Use your own data", icon=":material/upload_file:", expanded=is_open):
        if done is not None:
            _show_done(done)
        if going is not None:
            live.redraw(_tick, _POLL_S)()
        else:
            _show_uploader()
        own_list.show()


def show_download(experiment: Experiment) -> None:
    """Own data to take away, divided as these settings say; the exported script opens it."""
    if experiment.data.own:
        arrays_file.show(experiment, "Download", "own-download")


def _show_uploader() -> None:
    version = st.session_state.setdefault(_VERSION, 0)
    file = st.file_uploader(
        _WHAT,
        type=_TYPES,
        max_upload_size=settings().own.upload_mb,
        key=f"own-file-{version}",
        on_change=_forget_done,
    )
    if file is None:
        st.session_state.pop(_LOOKED, None)
        return
    looked = _looked_at(file)
    if looked.look is None:
        if looked.refusal:
            notices.show_refusal(looked.refusal)
            _show_way_back(looked)
        return
    title, choices = own_form.show(looked.look, file.name, file.file_id)
    st.button(
        "Add this dataset",
        type="primary",
        icon=":material/add:",
        disabled=choices is None,
        on_click=_start,
        args=(looked, title, choices),
    )


def _looked_at(file: UploadedFile) -> _Looked:
    """What there is in a file; it is opened once for each way to read it."""
    known: _Looked | None = st.session_state.get(_LOOKED)
    reading = own_reading.chosen(file.file_id)
    if known is not None and (known.file_id, known.reading) == (file.file_id, reading):
        return known
    found = _Looked(file.file_id, uploads.upload_of(file), None, reading=reading)
    try:
        with st.spinner("Looking into the file …"), turns.let_others():
            look = adding.look(found.upload, reading)
        found = replace(found, look=look)
    except UnusableUpload as error:
        found = replace(found, refusal=error)
    except (LimitExceeded, StoreUnavailable) as error:  # it may be looked at later
        notices.show_refusal(error)
        st.button("Try again", icon=":material/refresh:")
        return found
    st.session_state[_LOOKED] = found
    return found


def _show_way_back(looked: _Looked) -> None:
    """Have a file that cannot be read as somebody chose read as it was before."""
    if looked.reading != own.TableReading():
        st.button(
            "Read it as before",
            icon=":material/undo:",
            on_click=own_reading.forget,
            args=(looked.file_id,),
        )


def _start(looked: _Looked, title: str, choices: own.Choices | None) -> None:
    """Begin to convert the file; the page follows it."""
    if choices is not None and st.session_state.get(_GOING) is None:  # not pressed twice
        st.session_state.pop(_DONE, None)
        try:
            images = _images(looked.look, choices)
            started = adding.start(looked.upload, title, choices, images)
            st.session_state[_GOING] = started
        except EpochscopeError as error:
            st.session_state[_DONE] = error


def _forget_done() -> None:
    st.session_state.pop(_DONE, None)


def _images(look: own.Look | None, choices: own.Choices) -> bool:
    """Whether a file holds images, in whatever form."""
    if isinstance(choices, own.TableChoices):
        return choices.image_shape is not None
    if isinstance(look, own.ArraysLook):
        is_flat = look.image_shape is not None
        return is_flat or any(len(shape) > 2 for _, shape, _ in look.arrays)
    return isinstance(look, own.ImagesLook)


def _tick() -> None:
    going: adding.Adding = st.session_state[_GOING]
    if not going.conversion.done():
        st.progress(going.conversion.progress(), text=f"Preparing {wording.inert(going.title)} …")
        st.button("Cancel", icon=":material/close:", on_click=_cancel)
        return
    st.progress(1.0, text="Keeping it …")
    try:
        with turns.let_others():
            st.session_state[_DONE] = going.finished()
        _next_file()
    except EpochscopeError as error:
        st.session_state[_DONE] = error
    finally:
        del st.session_state[_GOING]
    st.rerun()


def _cancel() -> None:
    st.session_state.pop(_GOING).cancel()


def _next_file() -> None:
    """Have an empty uploader next."""
    looked: _Looked | None = st.session_state.pop(_LOOKED, None)
    if looked:
        looked.upload.path.unlink(missing_ok=True)
    st.session_state[_VERSION] += 1


def _show_done(done: own.Converted | EpochscopeError) -> None:
    if isinstance(done, EpochscopeError):
        notices.show_refusal(done)
        return
    st.success(
        "Added, and chosen in the sidebar: "
        f"{done.facts.train_size:,} samples to train on, {done.facts.test_size:,} to test.",
        icon=":material/check:",
    )
    notices.show_findings(done.warnings)
    if done.skipped:
        tall = len(done.skipped) > _LINES
        st.code("\n".join(done.skipped), language=None, height=150 if tall else "content")
    st.button("OK", on_click=_forget_done)
