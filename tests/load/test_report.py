"""What the load test's table and charts say of visits that were made up."""

from __future__ import annotations

from tests.load import report
from tests.load.visitor import Interaction, Log
from tests.load.watch import Use

QUICK = [Interaction("Open Data", float(second), 0.1) for second in range(99)]
SLOW = Interaction("Press Train", 99.0, 9.0)


def met(log: Log, use: Use) -> dict[str, bool | None]:
    return {row.what: row.met for row in report.rows(log, use)}


def test_one_slow_interaction_in_a_hundred_is_allowed_and_ten_are_not():
    good = Log([*QUICK, SLOW], started={"a"}, ended={"a": "Finished"})
    assert all(verdict in (True, None) for verdict in met(good, Use(web_most=1)).values())
    bad = Log([*QUICK, *[SLOW] * 10], started={"a"}, ended={"a": "Finished"})
    assert met(bad, Use())["Any interaction"] is False


def test_a_run_without_an_end_an_error_and_too_much_memory_miss_their_aims():
    log = Log(QUICK, started={"a", "b"}, ended={"a": "Finished"}, errors=["visitor 1: broken"])
    found = met(log, Use(web_most=301_000_000))
    missed = {what for what, verdict in found.items() if verdict is False}
    assert missed == {"Runs", "Errors", "Web process, at most"}


def test_nothing_done_is_not_a_success():
    found = met(Log(), Use())
    assert found["Any interaction"] is False and found["Runs"] is False


def test_the_line_of_bars_is_highest_where_it_was_slowest():
    line = report.sparkline([*QUICK, SLOW], 0.0, 100.0).splitlines()[1]
    assert len(line) == 60
    assert line[-1] == "█" and set(line[:-1]) == {"▁"}


def test_the_chart_holds_every_interaction_and_needs_no_network(tmp_path):
    file = tmp_path / "new" / "latency.html"
    report.chart([*QUICK, SLOW], 0.0, file)
    text = file.read_text(encoding="utf-8")
    assert "Press Train" in text and 'src="http' not in text
