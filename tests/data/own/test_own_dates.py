"""Dates and times as people write them become the days and hours that they are."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from core.data import own

START = datetime.datetime(1999, 11, 3, 5, 45)
MOMENTS = [START + datetime.timedelta(days=17 * row, hours=5 * row) for row in range(60)]
CHOICES = own.TableChoices("price", ("when",), "regression")


def table(form: str, moments: list[datetime.datetime] = MOMENTS) -> bytes:
    prices = np.random.default_rng(2).random(len(moments)) * 100
    written = [moment.strftime(form) for moment in moments]
    frame = pd.DataFrame({"when": written, "price": prices.round(2)})
    return frame.to_csv(index=False).encode()


def days(made, content: bytes, choices: own.TableChoices = CHOICES) -> list[float]:
    found = made(content, "prices.csv", choices)
    return sorted(np.concatenate([found.x_train, found.x_test]).ravel().tolist())


def expected(unit: str) -> list[float]:
    """Days since 1970 of the moments, cut to days or months, as NumPy counts them."""
    moments = np.array(MOMENTS, f"datetime64[{unit}]").astype("datetime64[m]")
    return sorted(np.float32(moments.astype(np.int64) / 1_440).tolist())


@pytest.mark.parametrize(
    "form",
    ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%-d.%-m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%-m/%-d/%y",
     "%d-%m-%Y", "%b %-d %Y", "%b %d, %Y", "%B %-d, %Y", "%-d %B %Y", "%d-%b-%Y", "%d-%b-%y",
     "%A, %B %d, %Y", "%Y%m%d", "%d %m %Y", "%Y. %-m. %-d.", "%Y년 %m월 %d일", "%Y年%m月%d日"],
)  # fmt: skip
def test_dates_become_days(made, form):
    assert days(made, table(form)) == expected("D")


@pytest.mark.parametrize(
    "form",
    ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S.%f",
     "%Y-%m-%dT%H:%M:%S+00:00", "%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d/%m/%Y %H:%M:%S",
     "%b %d, %Y %I:%M %p", "%Y/%m/%d %H:%M", "%a %b %d %H:%M:%S +0000 %Y"],
)  # fmt: skip
def test_dates_with_times_become_days_and_fractions(made, form):
    np.testing.assert_allclose(days(made, table(form)), expected("m"), rtol=1e-6)


@pytest.mark.parametrize("form", ["%Y-%m", "%b %Y", "%B %Y", "%m/%Y", "%b-%y"])
def test_months_become_the_days_that_they_begin(made, form):
    assert days(made, table(form)) == expected("M")


@pytest.mark.parametrize("form", ["%H:%M", "%H:%M:%S", "%I:%M %p"])
def test_times_of_day_become_hours(made, looked, form):
    assert looked(table(form), "a.csv").columns[0].kind == "time"
    hours = sorted(np.float32(moment.hour + moment.minute / 60) for moment in MOMENTS)
    np.testing.assert_allclose(days(made, table(form)), hours, rtol=1e-6)


def test_zone_of_a_time_counts(made):
    np.testing.assert_allclose(
        days(made, table("%Y-%m-%dT%H:%M:%S+02:00")), np.array(expected("m")) - 2 / 24, rtol=1e-6
    )


EARLY = [datetime.datetime(2000, 1 + row % 11, 1 + row % 12) for row in range(60)]


@pytest.mark.parametrize(("day_first", "form"), [(True, "%d/%m/%Y"), (False, "%m/%d/%Y")])
def test_order_that_nothing_tells_is_told_and_can_be_chosen(made, looked, day_first, form):
    content = table(form, EARLY)
    look = looked(content, "a.csv")
    assert look.ambiguous_dates == ("when",)
    assert any("which nothing in the file tells" in text for text in look.warnings)
    reading = own.TableReading(day_first=day_first)
    choices = own.TableChoices("price", ("when",), "regression", reading)
    wanted = np.array(EARLY, "datetime64[D]").astype(np.int64)
    assert days(made, content, choices) == sorted(wanted.tolist())


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y"])
def test_first_days_of_months_tell_the_order(made, looked, form):
    moments = [datetime.datetime(2000 + row // 12, 1 + row % 12, 1) for row in range(36)]
    assert looked(table(form, moments), "a.csv").ambiguous_dates == ()
    wanted = np.array(moments, "datetime64[D]").astype(np.int64)
    assert days(made, table(form, moments)) == wanted.tolist()


@pytest.mark.parametrize("form", ["%Y", "%d.%m.%Y.1", "v%Y-%m-%d", "%j%H", "%m-%d x"])
def test_what_only_looks_like_a_date_is_none(looked, form):
    assert looked(table(form), "a.csv").columns[0].kind not in ("date", "time")


def test_few_cells_that_are_no_dates_are_missing(made, looked):
    content = table("%b %-d %Y").replace(b"Nov 3 1999", b"unknown")
    assert looked(content, "a.csv").columns[0].kind == "date"
    assert "replaced by the median" in made(content, "a.csv", CHOICES).said
