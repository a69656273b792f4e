"""Tables of strangers: read from any common kind of file, and made into features and a target."""

from core.data.own.tables.table import convert, look

__all__ = ["convert", "look"]
