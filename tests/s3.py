"""An S3 of the tests' own: moto's server, in threads of this process."""

from __future__ import annotations

import contextlib
import itertools
import logging
from collections.abc import Iterator

import fsspec
import pytest
from moto.server import ThreadedMotoServer

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "tester",
    "AWS_SECRET_ACCESS_KEY": "not-to-be-shown",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Storage:
    """A running S3-compatible storage at `endpoint`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._numbers = itertools.count()

    def bucket(self) -> str:
        """The name of a new, empty bucket."""
        name = f"bucket-{next(self._numbers)}"
        fsspec.filesystem("s3").mkdir(name)
        return name


@contextlib.contextmanager
def running() -> Iterator[Storage]:
    """A storage that fsspec finds under `s3://` as long as it runs."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # not a line for every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in CREDENTIALS.items():
                patch.setenv(name, value)
            # What fsspec makes of FSSPEC_S3_ENDPOINT_URL when it is imported.
            patch.setitem(fsspec.config.conf, "s3", {"endpoint_url": endpoint})
            yield Storage(endpoint)
    finally:
        server.stop()
