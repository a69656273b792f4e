"""The lines of a script that load an experiment's data and split them, before anything is scaled.

They leave `x_train, y_train, x_val, y_val, x_test, y_test`: uint8 images with channels last, floats
of points and tables, tokens of texts filled up in front; whole numbers (n,) for classes, floats
(n, 1) for numbers to predict.
"""

from __future__ import annotations

from core.experiment import Experiment
from core.export import drawing

_TABLES = ("iris", "wine", "breast_cancer", "diabetes")
_OF_SCIKIT_LEARN = ("digits", *_TABLES)
_BUNDLED = ("fashion_mnist_10k", "novels")
# Keras's module for each set it fetches, and what its loader is to be told.
_OF_KERAS = {
    "fashion_mnist": ("fashion_mnist", ""),
    "mnist": ("mnist", ""),
    "cifar10": ("cifar10", ""),
    "cifar100_coarse": ("cifar100", 'label_mode="coarse"'),
    "cifar100_fine": ("cifar100", 'label_mode="fine"'),
    "california_housing": ("california_housing", ""),
    "boston_housing": ("boston_housing", ""),
    "imdb": ("imdb", "num_words={vocabulary}"),
    "reuters": ("reuters", "num_words={vocabulary}"),
}
_DOLLARS = 100_000  # California's targets, as `core.data.archives` has them
_LONGEST_LINE = 88
_OTHER_NUMBERS = "by other random numbers than in Epochscope."


def file_name(experiment: Experiment) -> str | None:
    """The `.npz` file the script opens, for data that are to be had from Epochscope alone."""
    if experiment.data.own:
        return experiment.data.own.file_name
    name = experiment.data.card.name
    return f"{name}.npz" if name in _BUNDLED else None


def parts(experiment: Experiment) -> tuple[str, ...]:
    """What the names of the arrays end with."""
    return ("train", "val", "test") if experiment.data.validation_split else ("train", "test")


def import_lines(experiment: Experiment) -> list[str]:
    """What the loading lines need beside Keras."""
    name, found = experiment.data.card.name, []
    if file_name(experiment):
        found = ["import numpy as np", "from pathlib import Path"]
    if name in _OF_SCIKIT_LEARN:
        found.append(f"from sklearn.datasets import load_{name}")
    if experiment.data.card.generated:
        found += drawing.import_lines(name)
    if experiment.data.label_noise:
        found.append("import numpy as np")
    if any("train_test_split" in line for line in loading_lines(experiment)):
        found.append("from sklearn.model_selection import train_test_split")
    return found


def loading_lines(experiment: Experiment) -> list[str]:
    """Load the data and divide them."""
    name = experiment.data.card.name
    if file := file_name(experiment):
        return _from_file(experiment, file)
    if experiment.data.card.generated:
        lines = drawing.lines(experiment)
    elif name in _OF_SCIKIT_LEARN:
        lines = _from_scikit_learn(experiment)
    else:
        lines = _from_keras(experiment)
    data = experiment.data
    whole = data.card.generated or data.pool_count == data.card.train_size
    return [*lines, *_split(experiment, whole), *_label_noise(experiment)]


def _from_file(experiment: Experiment, file: str) -> list[str]:
    own = experiment.data.own
    where = ", or on the Data page beside the title of this dataset" if own else ""
    head = [
        f"# {file}: press Download data beside this code{where}.",
        "# It holds the samples as they are divided for these settings, before they are scaled.",
        f'file = Path("{file}")',
    ]
    read = [
        "with np.load(file, allow_pickle=False) as arrays:",
        *(
            f'    x_{part}, y_{part} = arrays["x_{part}"], arrays["y_{part}"]'
            for part in parts(experiment)
        ),
    ]
    if experiment.data.card.name == "fashion_mnist_10k":
        otherwise = [*_fashion_lines(experiment), *_label_noise(experiment)]
        return [
            *head,
            "if file.exists():",
            *(f"    {line}" for line in read),
            "else:  # others of the 70,000 photographs, which Keras downloads (31 MB)",
            *(f"    {line}" for line in otherwise),
        ]
    return [
        *head,
        "if not file.exists():",
        '    raise SystemExit(f"Put {file} into {Path.cwd()}: Epochscope has it for download.")',
        *read,
    ]


def _fashion_lines(experiment: Experiment) -> list[str]:
    """As many samples of the whole set of Fashion-MNIST."""
    return [
        "(x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()",
        "x_train, x_test = x_train[..., np.newaxis], x_test[..., np.newaxis]",
        *_split(experiment, whole=False),
        "_, x_test, _, y_test = train_test_split(",
        f"    x_test, y_test, test_size={experiment.data.card.test_size}, stratify=y_test, "
        "random_state=0",
        ")",
    ]


def _from_scikit_learn(experiment: Experiment) -> list[str]:
    card = experiment.data.card
    given = "return_X_y=True, scaled=False" if card.name == "diabetes" else "return_X_y=True"
    lines = [f"x, y = load_{card.name}({given})"]
    if card.is_image:
        height, width, channels = card.shape
        lines.append(f'x = x.reshape(-1, {height}, {width}, {channels}).astype("uint8")')
    if not card.classes:
        lines.append("y = y.reshape(-1, 1)")
    stratify = "stratify=y, " if card.classes else ""
    return [
        *lines,
        f"# The test samples are drawn at random, {_OTHER_NUMBERS}",
        "x_train, x_test, y_train, y_test = train_test_split(",
        f"    x, y, test_size={card.test_size}, {stratify}random_state=0",
        ")",
    ]


def _from_keras(experiment: Experiment) -> list[str]:
    card = experiment.data.card
    module, given = _OF_KERAS[card.name]
    given = given.format(vocabulary=card.vocabulary)
    load = f"(x_train, y_train), (x_test, y_test) = keras.datasets.{module}.load_data("
    lines = [f"{load}{given})"]
    if len(lines[0]) > _LONGEST_LINE:
        lines = [load, f"    {given}", ")"]
    for part in ("train", "test"):
        if card.is_text:
            padded = f"keras.utils.pad_sequences(x_{part}, maxlen={card.shape[0]})"
            lines.append(f"x_{part} = {padded}")
        if card.is_image and card.shape[-1] == 1:
            lines.append(f"x_{part} = x_{part}[..., None]  # one channel")
        if module.startswith("cifar"):
            lines.append(f"y_{part} = y_{part}[:, 0]")
        if not card.classes:
            unit = f" / {_DOLLARS}" if card.name == "california_housing" else ""
            lines.append(f"y_{part} = y_{part}.reshape(-1, 1){unit}")
    return lines


def _split(experiment: Experiment, whole: bool) -> list[str]:
    """Hold some samples back, and leave those out that are not used, if not the `whole` set is."""
    data = experiment.data
    held, used = data.validation_count, data.train_count
    if not held and whole:
        return []
    others = "x_train, x_val, y_train, y_val" if held else "x_train, _, y_train, _"
    counts = f"train_size={used}" + (f", test_size={held}" if held else "")
    stratify = "stratify=y_train, " if data.card.classes else ""
    return [
        f"# Divided at random, {_OTHER_NUMBERS}",
        f"{others} = train_test_split(",
        "    x_train,",
        "    y_train,",
        f"    {counts}, {stratify}random_state={experiment.seed},",
        ")",
    ]


def _label_noise(experiment: Experiment) -> list[str]:
    """Give some of the samples trained on another class."""
    share, kinds = experiment.data.label_noise, experiment.data.card.class_count
    if not share:
        return []
    return [
        f"# Label noise: {share:.1%} of the training samples get another class.".replace("%", " %"),
        f"random = np.random.default_rng({experiment.seed})",
        f"noisy = random.choice(len(y_train), round({share!r} * len(y_train)), replace=False)",
        'y_train = y_train.astype("int64")',
        f"y_train[noisy] = (y_train[noisy] + random.integers(1, {kinds}, len(noisy))) % {kinds}",
    ]
