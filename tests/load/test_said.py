"""Errors are found in a server's output, in lines of JSON and in plain text."""

from __future__ import annotations

import json

from tests.load import said

TRACE = 'Traceback (most recent call last):\n  File "app.py", line 1\n    x\nValueError: {}'


def line(**fields: str) -> str:
    return json.dumps({"level": "INFO", "event": "all is well", **fields})


def test_nothing_is_found_where_nothing_went_wrong():
    output = ["  You can now view your app.", line(), line(level="WARNING", event="waiting")]
    assert said.errors("\n".join(output)) == []


def test_errors_are_found_whichever_way_they_were_said():
    output = [
        line(level="ERROR", event="Uncaught app execution", traceback=TRACE.format("in JSON")),
        TRACE.format("in text"),
        line(level="WARNING", event="goes on", traceback=TRACE.format("caught")),
        line(level="ERROR", event="without a trace"),
        "{not JSON",
        line(),
    ]
    assert said.errors("\n".join(output)) == [
        "ValueError: in JSON",
        "ValueError: in text",
        "ValueError: caught",
        "without a trace",
    ]
