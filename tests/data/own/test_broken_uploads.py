"""More than a thousand broken files: each becomes a set or a message, and nothing else happens."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np

from core.data import own
from core.data.own.exchange import REPLY, REQUEST, Request
from tests.data.own import own_files, workbook_files

ROOT = Path(own.__file__).parents[3]
# As of the reading process: its memory is counted from the first import on.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
LIMITS = own.ReadLimits(memory_bytes=600_000_000, seconds=60)
TABLE = own.TableChoices("y", ("height", "weight", "town", "born"), "classification")
IMAGES = own.ImageChoices(8, "rgb")
ARRAYS = own.ArraysChoices("classification")
CHOICES = {".zip": IMAGES, ".tar": IMAGES, ".tgz": IMAGES, ".npz": ARRAYS}
# Broken in so many ways each.
EACH, FEWER = 75, 30
MANY = {"comma.csv", "utf16.csv", "plain.parquet", "packed.npz", "packed.zip", "sheet.xlsx"}

Mutation = Callable[[bytes, np.random.Generator], bytes]


@cache
def valid() -> dict[str, bytes]:
    table = own_files.frame()
    random = np.random.default_rng(4)
    x, y = random.integers(0, 256, (40, 8, 8), np.uint8), np.tile([0, 1], 20)
    return {
        "comma.csv": own_files.csv_bytes(table),
        "utf16.csv": own_files.csv_bytes(table, "utf-16", sep="\t"),
        "quoted.csv": own_files.csv_bytes(table, "cp1252", sep=";", quoting=1, decimal=","),
        "plain.parquet": own_files.parquet_bytes(table, compression=None),
        "snappy.parquet": own_files.parquet_bytes(table, row_group_size=20),
        "korean.csv": own_files.csv_bytes(table.assign(town="서울"), "cp949"),
        "spaced.txt": own_files.csv_bytes(table, sep=" ", na_rep="NA"),
        "lines.jsonl": table.to_json(orient="records", lines=True).encode(),
        "array.json": table.to_json(orient="records").encode(),
        "sheet.xlsx": workbook_files.xlsx_bytes({"S": workbook_files.cells(table)}),
        "sheet.ods": workbook_files.ods_bytes({"S": workbook_files.cells(table)}),
        "plain.feather": own_files.feather_bytes(table),
        "packed.csv.gz": gzip.compress(own_files.csv_bytes(table)),
        "packed.npz": own_files.npz_bytes(x=x, y=y),
        "stored.npz": own_files.npz_bytes(compressed=False, x=x / 255, y=y),
        "packed.zip": own_files.zip_bytes(own_files.pictures(), zipfile.ZIP_DEFLATED),
        "stored.zip": own_files.zip_bytes(own_files.pictures()),
        "plain.tar": own_files.tar_bytes(own_files.pictures()),
        "packed.tgz": own_files.tar_bytes(own_files.pictures(), "w:gz"),
    }


def flipped(content: bytes, random: np.random.Generator) -> bytes:
    values = bytearray(content)
    for place in random.integers(0, len(values), random.integers(1, 12)):
        values[place] = random.integers(0, 256)
    return bytes(values)


def cut(content: bytes, random: np.random.Generator) -> bytes:
    return content[: random.integers(1, len(content))]


def bitten(content: bytes, random: np.random.Generator) -> bytes:
    start = random.integers(0, len(content))
    return content[:start] + content[start + random.integers(1, 200) :]


def doubled(content: bytes, random: np.random.Generator) -> bytes:
    start = random.integers(0, len(content))
    return content[:start] + content[max(0, start - random.integers(1, 400)) :]


def overwritten(content: bytes, random: np.random.Generator) -> bytes:
    start = random.integers(0, len(content))
    piece = random.choice([b"\0", b"\xff", b"\x7f\xff\xff\xff", b"\n", b'"', b"=1+1", b"../"])
    return content[:start] + bytes(piece) * int(random.integers(1, 9)) + content[start + 8 :]


def spliced(content: bytes, random: np.random.Generator) -> bytes:
    other = random.choice(list(valid().values()))
    return (
        content[: random.integers(1, len(content))] + bytes(other)[random.integers(0, len(other)) :]
    )


MUTATIONS: tuple[Mutation, ...] = (flipped, cut, bitten, doubled, overwritten, spliced)


def broken() -> Iterator[tuple[str, bytes]]:
    random = np.random.default_rng(20)
    for name, content in valid().items():
        for index in range(EACH if name in MANY else FEWER):
            yield name, MUTATIONS[index % len(MUTATIONS)](content, random)
    # The archive is whole: what is broken is an image, or an array, in it.
    for ending in (*own_files.FORMATS, *own_files.MORE_FORMATS):
        files = own_files.pictures(ending=ending)
        for index in range(EACH):
            mutation = MUTATIONS[index % 5]
            some = {name: mutation(content, random) for name, content in files.items()}
            yield "images.zip", own_files.zip_bytes(some)
    for index in range(EACH):
        with zipfile.ZipFile(BytesIO(valid()["stored.npz"])) as whole:
            files = {name: whole.read(name) for name in whole.namelist()}
        name = ("x.npy", "y.npy")[index % 2]
        head, rest = files[name][:128], files[name][128:]
        yield (
            "header.npz",
            own_files.zip_bytes(files | {name: MUTATIONS[index % 5](head, random) + rest}),
        )
    for index, content in enumerate(valid().values()):
        for place, ending in enumerate(own.ENDINGS):
            if (index + place) % 3 == 0:
                yield f"other{index}{ending}", content


def ask(folder: Path, name: str, content: bytes, choices: object) -> None:
    scratch = folder / ".reading"
    scratch.mkdir(parents=True)
    path = folder / "upload"
    path.write_bytes(content)
    request = Request(path, name, folder, LIMITS, choices)
    (scratch / "request.json").write_bytes(REQUEST.dump_json(request))


def test_broken_file_becomes_a_set_or_a_message_and_writes_nowhere_else(tmp_path):
    asked = []
    for index, (name, content) in enumerate(broken()):
        for step, choices in (("look", None), ("convert", CHOICES.get(Path(name).suffix, TABLE))):
            asked.append(tmp_path / f"{index:05}-{step}")
            ask(asked[-1], name, content, choices)
    assert len(asked) >= 2_000
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("fuzz_driver.py")), str(tmp_path)],
        cwd=ROOT,
        env=os.environ | ENVIRONMENT | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    endings = {line.split()[1] for line in done.stdout.splitlines()}
    assert endings == {"0"}, done.stderr[-4_000:]
    problems = 0
    for folder in asked:
        reply = REPLY.validate_json((folder / ".reading" / "reply.json").read_bytes())
        assert sum(part is not None for part in (reply.look, reply.converted, reply.problem)) == 1
        assert reply.problem is None or reply.problem.endswith(".")
        problems += reply.problem is not None
    assert problems > 1_000
