"""Which files are pictures, by ending and by content, and why others are passed over."""

from __future__ import annotations

import re

# What Pillow may open; its other formats are old, rare or run programs.
PILLOW = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
ENDINGS = (
    *(".apng", ".avif", ".bmp", ".dib", ".gif", ".j2k", ".jfif", ".jp2", ".jpe", ".jpeg"),
    *(".jpg", ".pbm", ".pgm", ".png", ".pnm", ".ppm", ".tif", ".tiff", ".webp"),
)
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".parquet", ".jsonl")
# What is no picture, whatever it begins with; archives may hold very many of these.
OTHERS = (
    *(".bin", ".cfg", ".db", ".doc", ".docx", ".gz", ".h5", ".htm", ".html", ".ini", ".ipynb"),
    *(".js", ".json", ".log", ".mat", ".md", ".npy", ".npz", ".pdf", ".pickle", ".pkl", ".pt"),
    *(".pth", ".py", ".rst", ".tar", ".tfrecord", ".wav", ".xml", ".yaml", ".yml", ".zip"),
)
READ = "PNG, JPEG, GIF, BMP, WebP, TIFF, AVIF, JPEG 2000 and PPM"
MAGIC_BYTES = 32
_HEIC = "HEIC"
_RAW = "a camera's raw format"
_DRAWING = "a drawing of lines, without pixels"
_VIDEO = "a video"
_MEDICAL = "a medical format"
_OTHER = "a format that is not read here"
# Pictures of other kinds by their endings: what they are.
_UNREAD = {
    **dict.fromkeys((".heic", ".heif", ".hif"), _HEIC),
    **dict.fromkeys(
        (".3fr", ".arw", ".cr2", ".cr3", ".dng", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw"),
        _RAW,
    ),
    **dict.fromkeys((".rw2", ".srw", ".x3f"), _RAW),
    **dict.fromkeys((".svg", ".svgz", ".eps", ".ai", ".wmf", ".emf"), _DRAWING),
    **dict.fromkeys((".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpg", ".webm", ".wmv"), _VIDEO),
    **dict.fromkeys((".dcm", ".dicom", ".nii"), _MEDICAL),
    **dict.fromkeys((".exr", ".hdr", ".ico", ".jxl", ".jxr", ".pcx", ".psd", ".tga"), _OTHER),
    **dict.fromkeys((".qoi", ".xcf", ".fits"), _OTHER),
}
_MAGIC = re.compile(
    rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|II\*\0|MM\0\*|\0\0\0\x0cjP  |\xffO\xffQ"
    rb"|....ftypavi[fs]|BM....\0\0\0\0|P[1-6]\s",
    re.DOTALL,
)
_HEIC_MAGIC = re.compile(rb"....ftyp(hei|hev|mif1|msf1)", re.DOTALL)


def is_picture(start: bytes) -> bool:
    """Whether a file that begins so is a picture that can be read."""
    return bool(_MAGIC.match(start))


def unread(ending: str) -> str | None:
    """What a picture with this ending is, if it is of a kind that is not read."""
    return _UNREAD.get(ending)


def described(start: bytes) -> str:
    """What a file is that begins so and is no picture that can be read."""
    if not start:
        return "it is empty"
    if _HEIC_MAGIC.match(start):
        return "it is a HEIC picture: save it as JPEG"
    if re.match(rb"\s*<(\?xml|svg|!DOCTYPE svg)", start, re.IGNORECASE):
        return "it is an SVG drawing: save it as PNG"
    if start.lstrip()[:1] == b"<":
        return "it is a web page"
    if start.startswith(b"version https://git-lfs"):
        return "it is a pointer of Git LFS, not the picture itself"
    return f"it is no picture of the kinds {READ}"
