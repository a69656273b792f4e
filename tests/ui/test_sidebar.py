"""The sidebar: its controls, what it refuses and how it says so, and what Train makes of it."""

from __future__ import annotations

import pytest

from core.experiment import DATASETS
from core.experiment.presets import PRESETS
from core.ui import actions
from tests.ui.conftest import experiment

ALWAYS = {
    "Dataset",
    "Training samples",
    "Validation split",
    "Model",
    "Loss",
    "Optimizer",
    "Learning rate",
    "Epochs",
    "Batch size",
    "Shuffle",
    "Seed",
}
REGULARIZATION = {"Activation", "Dropout", "Batch normalization", "L1", "L2"}
MLP_ONLY = {"Hidden layers"}
CNN_ONLY = {"Convolution blocks", "Filters", "Kernel size", "Strides", "Padding"}


def labels(app):
    side = app.sidebar
    kinds = (side.selectbox, side.number_input, side.slider, side.toggle)
    return {widget.label for kind in kinds for widget in kind}


def control(app, label):
    side = app.sidebar
    kinds = (side.selectbox, side.number_input, side.slider, side.toggle)
    return next(widget for kind in kinds for widget in kind if widget.label == label)


def train_button(app):
    return next(button for button in app.sidebar.button if button.label == "Train")


def complaints(app):
    return " ".join(found.value for found in app.sidebar.error)


def put(app, label, value):
    return control(app, label).set_value(value).run()


def test_first_visit_can_train_at_once(visit):
    app = visit()
    assert not train_button(app).disabled
    assert not app.sidebar.error
    assert not app.sidebar.warning


def test_mlp_shows_its_controls_and_no_convolutions(visit):
    shown = labels(visit())
    assert shown >= ALWAYS | REGULARIZATION | MLP_ONLY | {"Units"}
    assert not shown & CNN_ONLY


def test_cnn_shows_its_controls_and_no_hidden_layers(visit):
    shown = labels(put(visit(), "Model", "cnn"))
    assert shown >= ALWAYS | REGULARIZATION | CNN_ONLY | {"Units"}
    assert not shown & MLP_ONLY


def test_noise_is_offered_for_points_only(visit):
    app = visit()
    assert "Noise" not in labels(app)
    assert "Noise" in labels(put(app, "Dataset", "moons"))


def test_momentum_is_offered_for_the_optimizers_that_have_it(visit):
    app = visit()
    assert "Momentum" not in labels(app)
    assert {"Momentum", "Nesterov"} <= labels(put(app, "Optimizer", "sgd"))


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_can_be_chosen(visit, name):
    app = put(visit(), "Dataset", name)
    assert not app.exception
    assert not train_button(app).disabled


@pytest.mark.parametrize("name", PRESETS)
def test_preset_brings_its_own_settings(visit, store, name):
    app = put(visit(), "Model", name)
    train_button(app).click().run()
    assert store.recent()[0].experiment == PRESETS[name].model_validate(
        {
            **PRESETS[name].model_dump(),
            "training": {
                **PRESETS[name].training.model_dump(),
                "loss": "sparse_categorical_crossentropy",
            },
            "data": {
                **PRESETS[name].data.model_dump(),
                "training_samples": PRESETS[name].data.pool_count,
            },
        }
    )


def test_preset_keeps_the_chosen_dataset(visit, store):
    app = put(put(visit(), "Dataset", "digits"), "Model", "mlp-basic")
    train_button(app).click().run()
    assert store.recent()[0].experiment.data.dataset == "digits"


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Epochs", 0),
        ("Epochs", -3),
        ("Batch size", 0),
        ("Learning rate", 0.0),
        ("Learning rate", -0.1),
        ("Units", 0),
        ("Hidden layers", -1),
        ("Training samples", -5),
        ("Training samples", 0),
        ("Training samples", 10_001),
        ("L1", -0.1),
        ("L2", 11.0),
        ("Seed", -1),
        ("Batch size", 9_000),
    ],
)
def test_impossible_number_is_explained_and_cannot_be_trained(visit, label, value):
    app = put(visit(), label, value)
    assert not app.exception
    assert label in complaints(app)
    assert train_button(app).disabled


def test_corrected_number_can_be_trained_again(visit):
    app = put(put(visit(), "Epochs", 0), "Epochs", 5)
    assert not app.sidebar.error
    assert not train_button(app).disabled


def test_learning_rate_of_ten_is_warned_of(visit):
    app = put(visit(), "Learning rate", 10.0)
    assert "Learning rate: 10" in app.sidebar.warning[0].value
    assert not train_button(app).disabled


def test_stack_that_shrinks_the_image_to_nothing_is_explained(visit):
    app = put(put(visit(), "Model", "cnn"), "Convolution blocks", 6)
    assert "larger than the image" in complaints(app)
    assert train_button(app).disabled


def test_models_offered_are_those_for_the_data(visit):
    app = put(visit(), "Dataset", "moons")
    assert "CNN: convolutions" not in control(app, "Model").options
    app = put(app, "Dataset", "novels")
    assert control(app, "Model").options == ["Text network: embedding", "Custom layers"]
    app = put(app, "Dataset", "digits")
    assert "Text network: embedding" not in control(app, "Model").options
    assert "CNN: convolutions" in control(app, "Model").options


def test_model_chosen_for_images_is_there_again_after_a_look_at_texts(visit):
    app = put(put(visit(), "Model", "cnn"), "Dataset", "novels")
    assert control(app, "Model").value == "text"
    assert control(put(app, "Dataset", "digits"), "Model").value == "cnn"


def test_texts_have_a_vocabulary_and_a_length_and_no_scaling(visit):
    app = put(visit(), "Dataset", "novels")
    labels = {widget.label for widget in (*app.sidebar.number_input, *app.sidebar.selectbox)}
    assert {"Vocabulary size", "Sequence length"} <= labels
    assert "Scaling" not in labels


@pytest.mark.parametrize("dataset", ["moons", "digits", "wine"])
def test_data_without_words_has_no_vocabulary(visit, dataset):
    app = put(visit(), "Dataset", dataset)
    labels = {widget.label for widget in app.sidebar.number_input}
    assert not {"Vocabulary size", "Sequence length"} & labels


def test_convolutions_on_points_offer_the_mlp(visit):
    app = put(put(visit("model"), "Dataset", "moons"), "Model", "custom")
    app.session_state["epochscope.layer_rows"] = [{"Layer": "Conv2D"}]
    app.run()
    assert "it needs images" in complaints(app)
    next(b for b in app.sidebar.button if b.label == "Use the MLP model").click().run()
    assert control(app, "Model").value == "mlp"
    assert not train_button(app).disabled


def test_loss_that_does_not_fit_is_refused_with_the_one_that_does(visit):
    app = put(visit(), "Loss", "binary_crossentropy")
    assert "Use sparse_categorical_crossentropy" in complaints(app)
    assert train_button(app).disabled


def test_values_survive_while_their_controls_are_hidden(visit):
    app = put(visit(), "Hidden layers", 3)
    app = put(put(app, "Model", "cnn"), "Model", "mlp")
    assert control(app, "Hidden layers").value == 3


def test_values_survive_a_change_of_page(visit):
    app = put(visit(), "Epochs", 7)
    app.switch_page("pages/history.py").run()
    assert control(app, "Epochs").value == 7


def test_train_stores_a_run_of_what_the_sidebar_says(visit, store):
    app = put(put(visit(), "Dataset", "digits"), "Units", 32)
    train_button(app).click().run()
    run = store.recent()[0]
    assert (run.experiment.data.dataset, run.experiment.model.units) == ("digits", 32)
    assert app.query_params["run"] in (run.id, [run.id])


def test_value_changed_together_with_the_click_is_the_one_trained(visit, store):
    app = visit()
    control(app, "Epochs").set_value(3)
    train_button(app).click().run()
    assert store.recent()[0].experiment.training.epochs == 3


def test_each_dataset_keeps_its_own_number_of_training_samples(visit):
    app = put(put(visit(), "Training samples", 5_000), "Dataset", "digits")
    assert control(app, "Training samples").value == 1_437
    assert control(put(app, "Dataset", "fashion_mnist_10k"), "Training samples").value == 5_000


@pytest.mark.parametrize(("seconds_apart_at_most", "runs"), [(3600, 1), (0, 2)])
def test_two_clicks_start_one_run_only_when_they_are_a_double_click(
    visit, store, monkeypatch, seconds_apart_at_most, runs
):
    monkeypatch.setattr(actions, "DOUBLE_CLICK_S", seconds_apart_at_most)
    app = visit()
    train_button(app).click().run()
    train_button(app).click().run()
    assert len(store.recent()) == runs


def test_train_on_another_page_leads_to_the_train_page(visit):
    app = visit("history")
    train_button(app).click().run()
    assert [found.value for found in app.title] == ["Train"]


def test_stop_is_offered_only_while_the_run_is_going(visit, store):
    app = visit()
    stop = next(button for button in app.sidebar.button if button.label == "Stop")
    assert stop.disabled
    train_button(app).click().run()
    stop = next(button for button in app.sidebar.button if button.label == "Stop")
    assert not stop.disabled
    stop.click().run()
    assert store.recent()[0].status == "stopped"


def test_two_visitors_have_their_own_sidebars(visit):
    one, other = visit(), visit()
    put(one, "Epochs", 77)
    other.run()
    assert control(other, "Epochs").value == 10


def test_opening_a_runs_url_restores_its_settings(visit, add_run):
    run = add_run(experiment(model={"kind": "mlp", "units": 48}, training={"epochs": 33}))
    app = visit("train", run=run.id)
    assert control(app, "Epochs").value == 33
    assert control(app, "Units").value == 48
    assert control(app, "Dataset").value == "digits"


@pytest.mark.parametrize(
    "rows",
    [
        [{"Layer": "Dense", "Units": -4}],
        [{"Layer": "Dense", "Units": 1e30}],
        [{"Layer": "Nonsense"}],
        [{"Units": 3}],
        [{"Layer": "Dropout", "Rate": 7.0}],
        [{"Layer": "Dense", "Units": "many"}],
        [{"Layer": "Dense", "Units": 4, "Kernel L2": float("inf")}],
        [{"Layer": "Dense", "Units": 4, "Kernel L2": "nan"}],
        [{"Layer": "Conv2D", "Kernel size": 99}],
        [{"Layer": "Dense", "Activation": "<script>alert(1)</script>"}],
    ],
)
def test_rubbish_in_the_layer_table_is_explained(visit, rows):
    app = put(visit("model"), "Model", "custom")
    app.session_state["epochscope.layer_rows"] = rows
    app.run()
    assert not app.exception
    assert complaints(app)
    assert train_button(app).disabled


def test_preset_can_be_edited_layer_by_layer(visit):
    app = put(visit("model"), "Model", "cnn-small")
    next(b for b in app.sidebar.button if b.label == "Edit these layers").click().run()
    assert control(app, "Model").value == "custom"
    assert not app.exception
    assert not train_button(app).disabled
