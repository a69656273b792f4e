"""What happened: runs and epochs in a database, their larger results as files."""

from core.runs.artifacts import Artifacts
from core.runs.lease import Lease
from core.runs.library import Library
from core.runs.line import Line, LineRun, MeasuredRow
from core.runs.store import RunStore

__all__ = ["Artifacts", "Lease", "Library", "Line", "LineRun", "MeasuredRow", "RunStore"]
