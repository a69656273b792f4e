"""Which addresses for uploads were issued to which session.

Streamlit makes an address up when somebody has chosen a file, and takes files under any other as
well: what nobody's uploader asked for would wait in memory until the session ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadFileUrlInfo

_MOST = 1_000  # addresses of one session: of more, the first are forgotten
_issued: dict[str, deque[str]] = {}
_on_end: list[Callable[[str], None]] = []
_issue = MemoryUploadedFileManager.get_upload_urls
_forget = MemoryUploadedFileManager.remove_session_files


def remember(on_end: Callable[[str], None] = lambda _: None) -> None:
    """In the whole process, from now on, know the addresses that are issued.

    `on_end` is called with the id of a session that has ended.
    """
    _on_end[:] = [on_end]
    manager = MemoryUploadedFileManager
    manager.get_upload_urls = _issued_and_known  # type: ignore[assignment, method-assign]
    manager.remove_session_files = _forgotten  # type: ignore[assignment, method-assign]


def is_issued(session: str, file: str) -> bool:
    """Whether this session may upload under this file's id."""
    return file in _issued.get(session, ())


def _issued_and_known(
    manager: MemoryUploadedFileManager, session_id: str, file_names: Sequence[str]
) -> list[UploadFileUrlInfo]:
    made = _issue(manager, session_id, file_names)
    _issued.setdefault(session_id, deque(maxlen=_MOST)).extend(info.file_id for info in made)
    return made


def _forgotten(manager: MemoryUploadedFileManager, session_id: str) -> None:
    _issued.pop(session_id, None)
    _forget(manager, session_id)
    for act in _on_end:
        act(session_id)
