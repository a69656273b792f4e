"""Own tables on the Data page: how they are read, what is left out, and the other task offered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.ui import visitors

RANDOM = np.random.default_rng(5)
ROWS = 120


@pytest.fixture(autouse=True)
def visitor(monkeypatch):
    monkeypatch.setattr(visitors, "visitor", lambda: "anna")


@pytest.fixture
def uploaded(visit):
    """`uploaded(content, name)` is the Data page with a file that was looked at."""
    return lambda content, name: visit("data").file_uploader[0].set_value((name, content, "")).run()


def csv(encoding: str = "utf-8", **columns: object) -> bytes:
    frame = pd.DataFrame({"x": RANDOM.random(ROWS), **columns})
    return frame.to_csv(index=False).encode(encoding)


def control(app, kind: str, label: str):
    return next((one for one in getattr(app, kind) if one.label == label), None)


def said(app) -> str:
    kinds = (app.error, app.warning, app.info, app.caption, app.markdown)
    return "\n".join(one.value for kind in kinds for one in kind).replace("\\", "")


def is_open(app) -> bool:
    return not control(app, "button", "Add this dataset").disabled


KOREAN = csv("cp949", 도시=["서울", "부산"] * 60, 결과=["합격", "불합격", "보류"] * 40)


def test_encoding_found_is_among_the_facts_and_can_be_changed(uploaded):
    app = uploaded(KOREAN, "키.csv")
    assert any("Korean (CP949, EUC-KR)" in one.label for one in app.expander)
    assert control(app, "selectbox", "What to predict").options == ["x", "도시", "결과"]
    control(app, "selectbox", "Encoding").set_value("cp1252").run()
    assert "도시" not in control(app, "selectbox", "What to predict").options
    control(app, "selectbox", "Encoding").set_value("cp949").run()
    assert control(app, "selectbox", "What to predict").options == ["x", "도시", "결과"]
    assert not app.exception


def test_reading_that_fails_leads_back(uploaded):
    app = uploaded(KOREAN, "a.csv")
    control(app, "selectbox", "Encoding").set_value("utf-16-le").run()
    assert app.error
    control(app, "button", "Read it as before").click().run()
    assert control(app, "selectbox", "What to predict").options == ["x", "도시", "결과"]
    assert not app.error


def test_nothing_is_asked_of_a_plain_table(uploaded):
    app = uploaded(csv(y=["a", "b"] * 60), "a.csv")
    assert control(app, "selectbox", "Sheet") is None
    assert control(app, "selectbox", "First in dates") is None
    assert control(app, "multiselect", "Keep as numbers") is None
    assert not app.warning


def test_row_counter_is_left_out_unless_it_is_taken_back(uploaded):
    app = uploaded(csv(id=range(ROWS), y=["a", "b"] * 60), "a.csv")
    left_out = control(app, "multiselect", "Columns to leave out")
    assert left_out.value == ["id"]
    assert "id is left out, as it counts the rows" in said(app)
    assert "Learns from 1 column." in said(app)
    left_out.set_value([]).run()
    assert "Learns from 2 columns." in said(app)


def test_column_of_texts_can_be_kept(uploaded):
    notes = [f"A/{row}" if row % 3 else f"{row}" for row in range(ROWS)]
    app = uploaded(csv(ticket=notes, y=["a", "b"] * 60), "a.csv")
    assert "ticket is left out: 80 values of 120 are no numbers, as “A/1”" in said(app)
    assert "Learns from 1 column." in said(app)
    control(app, "multiselect", "Keep as categories").set_value(["ticket"]).run()
    assert "Learns from 2 columns." in said(app)
    control(app, "multiselect", "Keep as categories").set_value([]).run()
    control(app, "multiselect", "Keep as numbers").set_value(["ticket"]).run()
    assert "Learns from 2 columns." in said(app)


def test_numbers_that_are_no_classes_are_offered_as_numbers(uploaded):
    app = uploaded(csv(age=RANDOM.integers(18, 90, ROWS)), "a.csv")
    task = control(app, "segmented_control", "Kind of target")
    assert task.value == "regression"
    task.set_value("classification").run()
    assert "Classes need two to 200 such values" in said(app)
    assert not is_open(app)
    control(app, "button", "Predict it as a number").click().run()
    assert control(app, "segmented_control", "Kind of target").value == "regression"
    assert is_open(app)


def test_texts_are_offered_as_classes(uploaded):
    app = uploaded(csv(kind=["a", "b"] * 60), "a.csv")
    control(app, "segmented_control", "Kind of target").set_value("regression").run()
    assert "kind holds texts, which cannot be predicted as numbers." in said(app)
    assert not is_open(app)
    control(app, "button", "Predict its classes").click().run()
    assert is_open(app)


def test_numbers_of_few_values_are_offered_as_classes(uploaded):
    app = uploaded(csv(dose=np.tile([0.5, 1.5, 2.5], 40)), "a.csv")
    assert control(app, "segmented_control", "Kind of target").value == "regression"
    control(app, "button", "Predict its classes").click().run()
    assert control(app, "segmented_control", "Kind of target").value == "classification"
    assert is_open(app)


def test_another_target_brings_its_own_task(uploaded):
    app = uploaded(csv(kind=["a", "b"] * 60), "a.csv")
    assert control(app, "segmented_control", "Kind of target").value == "classification"
    control(app, "selectbox", "What to predict").set_value("x").run()
    assert control(app, "segmented_control", "Kind of target").value == "regression"


def test_without_a_column_to_learn_from_nothing_can_be_added(uploaded):
    app = uploaded(csv(y=["a", "b"] * 60), "a.csv")
    control(app, "multiselect", "Columns to leave out").set_value(["x"]).run()
    assert "There is no column left to learn from" in said(app)
    assert not is_open(app)


def test_table_of_pixels_is_offered_as_images(uploaded):
    pixels = {f"pixel{place}": RANDOM.integers(0, 256, 60) for place in range(784)}
    frame = pd.DataFrame({"label": np.arange(60) % 3, **pixels})
    app = uploaded(frame.to_csv(index=False).encode(), "mnist.csv")
    assert control(app, "segmented_control", "Each row is taken for").value is True
    assert "grey images of 28 × 28 pixels" in said(app)
    assert control(app, "multiselect", "Columns to leave out") is None
    control(app, "segmented_control", "Each row is taken for").set_value(False).run()
    assert "Learns from 784 columns." in said(app)


def test_order_in_dates_can_be_chosen_where_nothing_tells(uploaded):
    days = [f"{1 + row % 12}/{1 + row % 11}/2000" for row in range(ROWS)]
    app = uploaded(csv(day=days, y=["a", "b"] * 60), "a.csv")
    assert "which nothing in the file tells" in said(app)
    control(app, "selectbox", "First in dates").set_value(True).run()
    assert "the day is taken to come first" in said(app)


def test_hostile_cells_stay_texts(uploaded):
    notes = [f"**b** <i>{row}</i> [x](http://y.z)" for row in range(ROWS)]
    app = uploaded(csv(note=notes, y=["a", "b"] * 60), "<b>.csv")
    shown = next(one.value for one in app.warning if "note" in one.value)
    assert "**b**" not in shown
    assert "<i>" not in shown.replace("\\<i\\>", "")
    assert not app.exception
