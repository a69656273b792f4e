"""What happened: runs and epochs in a database, their larger results as files."""

from core.runs.artifacts import Artifacts
from core.runs.database import database_name
from core.runs.lease import Lease
from core.runs.library import Library
from core.runs.line import Line, LineRun, MeasuredRow
from core.runs.own_arrays import OwnArrays
from core.runs.own_library import OwnLibrary, remove_unused
from core.runs.own_rows import OwnSet
from core.runs.store import RunStore

__all__ = [
    "Artifacts",
    "Lease",
    "Library",
    "Line",
    "LineRun",
    "MeasuredRow",
    "OwnArrays",
    "OwnLibrary",
    "OwnSet",
    "RunStore",
    "database_name",
    "remove_unused",
]
