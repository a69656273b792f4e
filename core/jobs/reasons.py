"""Why a run failed, in words for whoever started it."""

from __future__ import annotations

from core.errors import EpochscopeError


def killed(times: int) -> str:
    """The run's training processes went away this often in one epoch."""
    return (
        f"The training process ended without warning {times} times in the same epoch, most often "
        "because the computer ran out of memory. The epochs up to then are kept. Try a smaller "
        "batch size or model, then press Train."
    )


def failure(error: BaseException) -> str:
    """Training ended with this error."""
    if isinstance(error, EpochscopeError):
        return str(error)
    return (
        f"Training ended with an unexpected error ({type(error).__name__}). This is a defect of "
        "Epochscope: please report it; the server's log has more. Press Train to run it again."
    )
