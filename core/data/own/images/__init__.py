"""A visitor's images: an archive whose folders, names or tables say the class of each."""

from core.data.own.images.convert import convert
from core.data.own.images.looking import look

__all__ = ["convert", "look"]
