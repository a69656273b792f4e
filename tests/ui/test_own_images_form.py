"""The form for images and arrays before they are added: what is shown, and what can be chosen."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.data import own

BLACK, WHITE = (
    base64.b64encode(np.full((48, 48, 3), value, np.uint8).tobytes()).decode() for value in (0, 200)
)
FOLDERS = own.ImagesReading(
    "folder", "the folder an image is in", (("**a**", 30), ("=b", 20)), (6, 4), 50
)
NAMES = own.ImagesReading(
    "name-word",
    "the word that begins the file's name (cat in cat.1.png)",
    (("cat", 25), ("dog", 24)),
    (),
    49,
    warnings=("Left out, as their names tell no class: 1 image. Among them: *x*.png.",),
)
AGES = own.ImagesReading("table:age", "the column age of labels.csv", (), (), 50, task="regression")
SQUARE = own.ImagesLook((FOLDERS,), 28, 28, (28, 28), (28, 28), True)
SEVERAL = own.ImagesLook(
    (FOLDERS, NAMES, AGES), 60, 40, (40, 40), (300, 200), False, 12, "black",
    previews=(own.ImagesPreview("a/cat.1.png", BLACK, WHITE, ("**a**", "cat", "3")),
              own.ImagesPreview("a/x.png", BLACK, WHITE, ("=b", "", "4"))),
)  # fmt: skip
ARRAYS = own.ArraysLook(
    (("images", (60, 784), "uint8"), ("gender", (60,), "int64")),
    "classification",
    False,
    targets=("gender", "age"),
    image_shape=(28, 28, 1),
)


def drawn(look) -> AppTest:
    """The form of what was seen in a file; `chosen` is in the session."""

    def script() -> None:
        import streamlit as st

        from core.data import own
        from core.ui import own_arrays_form, own_images_form

        look = st.session_state["look"]
        form = own_arrays_form if isinstance(look, own.ArraysLook) else own_images_form
        st.session_state["chosen"] = form.show(look, "key")

    app = AppTest.from_function(script, default_timeout=60)
    app.session_state["look"] = look
    app.run()
    assert not app.exception
    return app


def control(app: AppTest, label: str):
    kinds = (app.selectbox, app.segmented_control)
    return next((one for kind in kinds for one in kind if one.label == label), None)


def said(app: AppTest) -> str:
    return "\n".join(one.value for kind in (app.warning, app.caption) for one in kind)


def test_one_plain_way_asks_for_size_and_colour_alone():
    app = drawn(own.ImagesLook((own.ImagesReading("folder", "x", (("a", 9), ("b", 9)), (), 18),),
                               28, 28, (28, 28), (28, 28), True))  # fmt: skip
    labels = [one.label for kind in (app.selectbox, app.segmented_control) for one in kind]
    assert labels == ["Image size", "Colour"]
    assert app.session_state["chosen"] == own.ImageChoices(
        28, "grayscale", "folder", task="classification"
    )
    assert "18 images of 2 classes, all 28 × 28 pixels." in said(app)


def test_classes_are_shown_with_their_parts_and_mean_nothing_to_a_spreadsheet():
    app = drawn(SQUARE)
    table = app.dataframe[0].value
    assert table.to_numpy().tolist() == [["**a**", 30, 24, 6], ["'=b", 20, 16, 4]]
    control(app, "Training and test part").set_value(False).run()
    assert not app.session_state["chosen"].own_test


def test_another_way_to_read_classes_can_be_chosen():
    app = drawn(SEVERAL)
    choose = control(app, "The class of an image is")
    assert choose.options[1] == "The word that begins the file's name (cat in cat.1.png)"
    choose.set_value(1).run()
    assert app.session_state["chosen"].reading == "name-word"
    assert app.dataframe[0].value["Class"].tolist() == ["cat", "dog"]
    assert "1 image" in said(app)
    assert "*x*" not in said(app)
    assert control(app, "Training and test part") is None


def test_numbers_of_a_table_are_predicted_as_numbers():
    app = drawn(SEVERAL)
    control(app, "The class of an image is").set_value(2).run()
    assert app.session_state["chosen"].task == "regression"
    assert len(app.dataframe) == 0
    control(app, "Kind of target").set_value("classification").run()
    assert app.session_state["chosen"].task == "classification"


def test_background_and_fit_are_asked_where_they_matter():
    app = drawn(SEVERAL)
    assert control(app, "Background").value == "black"
    control(app, "Background").set_value("white")
    control(app, "Images that are not square").set_value("pad").run()
    chosen = app.session_state["chosen"]
    assert (chosen.background, chosen.fit) == ("white", "pad")
    assert "mostly 60 × 40 pixels (from 40 × 40 to 300 × 200)" in said(app)
    assert control(drawn(SQUARE), "Background") is None


@pytest.mark.parametrize(("way", "shown"), [(0, ["**a**", "=b"]), (1, ["cat", "left out"])])
def test_some_images_are_shown_with_the_class_they_get(way, shown):
    app = drawn(SEVERAL)
    control(app, "The class of an image is").set_value(way).run()
    (grid,) = [one for one in app.get("html") if "epochscope-grid" in one.proto.body]
    for label in (*shown, "cat.1.png", "x.png"):
        assert label in grid.proto.body


@pytest.mark.parametrize(("background", "shade"), [("black", 0), ("grey", 100), ("white", 200)])
def test_images_are_shown_on_the_background_chosen(background, shade):
    app = drawn(SEVERAL)
    control(app, "Background").set_value(background).run()
    (grid,) = [one for one in app.get("html") if "epochscope-grid" in one.proto.body]
    pictures = re.findall(r"base64,([\w+/=]+)", grid.proto.body)
    assert len(pictures) == 2
    for picture in pictures:
        pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(picture))))
        assert set(np.unique(pixels[..., :3])) == {shade}


def test_array_to_predict_and_form_of_rows_can_be_chosen():
    app = drawn(ARRAYS)
    assert app.session_state["chosen"] == own.ArraysChoices("classification", "gender")
    control(app, "What to predict").set_value(1).run()
    control(app, "Each row of x is taken for").set_value(False).run()
    chosen = app.session_state["chosen"]
    assert (chosen.target, chosen.as_images) == ("age", False)


def test_plain_arrays_ask_for_the_kind_of_target_alone():
    plain = own.ArraysLook((("x", (60, 4), "f8"), ("y", (60,), "i8")), "classification", True)
    app = drawn(plain)
    assert [one.label for one in app.segmented_control] == ["Kind of target"]
    assert len(app.selectbox) == 0
    assert "The file brings its own test part." in said(app)
