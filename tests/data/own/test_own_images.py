"""Zips of images, against Keras's `image_dataset_from_directory` on the same folders."""

from __future__ import annotations

import zipfile
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.data import own
from core.errors import UnusableUpload
from tests.data.own.own_files import FORMATS, image_bytes, pictures, zip_bytes

RGB, GREY = own.ImageChoices(8, "rgb"), own.ImageChoices(8, "grayscale")


def everything(made) -> list[tuple[bytes, int]]:
    """Images with their labels, without their order."""
    x = np.concatenate([made.x_train, made.x_test])
    y = np.concatenate([made.y_train, made.y_test])
    return sorted((image.tobytes(), label) for image, label in zip(x, y.tolist(), strict=True))


def by_keras(files: dict[str, bytes], folder, side: int, color: str):
    """What Keras makes of these files: float32 images, labels and names of classes."""
    import keras

    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    found = keras.utils.image_dataset_from_directory(
        folder / "main", image_size=(side, side), color_mode=color, shuffle=False, verbose=False
    )
    batches = list(found.as_numpy_iterator())
    images, labels = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
    return images, labels, found.class_names


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("side", [8, 12, 20])
def test_images_labels_and_classes_are_those_of_keras(made, tmp_path, ending, side):
    files = pictures(24, ending)
    images, labels, classes = by_keras(files, tmp_path / "keras", side, "rgb")
    own_set = made(zip_bytes(files), "a.zip", own.ImageChoices(side, "rgb"))
    assert list(own_set.facts.classes) == classes
    ours = {label: [] for label in (0, 1)}
    for image, label in everything(own_set):
        ours[label].append(np.frombuffer(image, np.uint8).reshape(side, side, 3))
    for label in (0, 1):
        left = [image.astype(int) for image in ours[label]]
        assert len(left) == int((labels == label).sum())
        for theirs in images[labels == label]:
            distances = [np.abs(image - theirs).max() for image in left]
            # Half a step of rounding; JPEG decoders differ by a few steps.
            assert min(distances) <= (4 if ending == "jpg" else 0.51)
            del left[int(np.argmin(distances))]


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp"])
def test_grey_is_that_of_keras(made, tmp_path, ending):
    files = pictures(24, ending, side=8)
    if ending == "bmp":  # Keras cannot make grey of a BMP
        theirs = [
            np.asarray(Image.open(BytesIO(content)).convert("L").resize((8, 8), 2))
            for content in files.values()
        ]
    else:
        theirs = list(by_keras(files, tmp_path / "keras", 8, "grayscale")[0][..., 0])
    own_set = made(zip_bytes(files), "a.zip", GREY)
    assert own_set.x_train.shape[1:] == own_set.facts.shape == (8, 8, 1)
    ours = [np.frombuffer(image, np.uint8).reshape(8, 8) for image, _ in everything(own_set)]
    means = np.sort([image.mean() for image in theirs])
    np.testing.assert_allclose(np.sort([image.mean() for image in ours]), means, atol=4)


def test_arrays_are_bytes_and_whole_numbers(made):
    own_set = made(zip_bytes(pictures()), "a.zip", RGB)
    assert (own_set.x_train.dtype, own_set.y_train.dtype) == (np.uint8, np.int64)
    assert (own_set.facts.train_size, own_set.facts.test_size) == (19, 5)
    assert own_set.facts.value_range == (0, 255)


def test_same_seed_divides_alike(made):
    keys = [made(zip_bytes(pictures()), "a.zip", RGB, seed).converted.key for seed in (3, 3, 4)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("wrap", ["", "outer/", "a/b/"])
def test_folders_around_all_classes_do_not_matter(made, wrap):
    files = {name.replace("main/", wrap): content for name, content in pictures().items()}
    assert made(zip_bytes(files), "a.zip", RGB).facts.classes == ("dark", "light")


def test_images_in_folders_inside_a_class_are_of_that_class(made):
    files = {name.replace("dark/", "dark/deep/er/"): image for name, image in pictures().items()}
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert own_set.facts.classes == ("dark", "light")
    assert everything(own_set) == everything(made(zip_bytes(pictures()), "a.zip", RGB))


def in_parts(train: str, test: str, files=None) -> dict[str, bytes]:
    """The pictures, the last two of eight in `test`."""
    files = files or pictures(48)
    return {
        name.replace("main", (train, test)[index % 8 > 5]): image
        for index, (name, image) in enumerate(files.items())
    }


def images_in(files: dict[str, bytes], start: str) -> list[bytes]:
    """The pixels that Pillow reads of files whose names begin so, at their own size of 8 × 8."""
    return sorted(
        np.asarray(Image.open(BytesIO(content)).convert("RGB")).tobytes()
        for name, content in files.items()
        if name.startswith(start)
    )


DIVIDED = {
    "train": "test",
    "training": "testing",
    "training_set": "test_set",
    "Training": "Testing",
    "TRAIN": "TEST",
    "data/train": "data/test",
    "a/b/train": "a/b/test",
    "train/train": "test/test",
    "seg_train/seg_train": "seg_test/seg_test",
    "asl_alphabet_train/asl_alphabet_train": "asl_alphabet_test/asl_alphabet_test",
    "train_images": "test_images",
    "trainSet": "testSet",
    "Training Data": "Test Data",
    "train ": "valid",
    "training_data": "validation_data",
}


@pytest.mark.parametrize(("train", "test"), DIVIDED.items())
def test_parts_of_the_file_are_kept(made, looked, train, test):
    plain = pictures(48, side=8)
    square = {
        name: image_bytes(np.asarray(Image.open(BytesIO(content)))[:, :8])
        for name, content in plain.items()
    }
    files = in_parts(train, test, square)
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert own_set.facts.classes == ("dark", "light")
    assert sorted(map(bytes, own_set.x_train)) == images_in(files, f"{train}/")
    assert sorted(map(bytes, own_set.x_test)) == images_in(files, f"{test}/")
    assert (own_set.x_train.reshape(36, -1).mean(axis=1) > 128).astype(int).tolist() == list(
        own_set.y_train
    )
    (reading,) = looked(zip_bytes(files), "a.zip").readings
    assert reading.classes == (("dark", 24), ("light", 24))
    assert reading.tests == (6, 6)


def test_parts_of_the_file_can_be_put_together_and_divided_anew(made):
    files = in_parts("train", "test")
    own_set = made(zip_bytes(files), "a.zip", own.ImageChoices(8, "rgb", own_test=False))
    assert (own_set.facts.train_size, own_set.facts.test_size) == (38, 10)
    assert everything(own_set) == everything(made(zip_bytes(pictures(48)), "a.zip", RGB))
    assert "The parts test and train of the file were put together" in own_set.said


def test_validation_folder_beside_train_and_test_is_trained_on_and_told(made):
    files = in_parts("train", "test")
    more = {name.replace("main", "val"): image for name, image in pictures(8).items()}
    own_set = made(zip_bytes(files | more), "a.zip", RGB)
    assert (own_set.facts.train_size, own_set.facts.test_size) == (44, 12)
    assert "The validation part of the file (8 images) is trained on" in own_set.said


def test_parts_inside_each_class_are_kept(made):
    files = {
        name.replace("main/", "").replace("/", ("/train/", "/test/")[index % 8 > 5]): image
        for index, (name, image) in enumerate(pictures(48).items())
    }
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert own_set.facts.classes == ("dark", "light")
    assert (own_set.facts.train_size, own_set.facts.test_size) == (36, 12)


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (("cat_train", "cat_test", "dog_train", "dog_test"), ("cat", "dog")),
        (("strain_train", "strain_test", "b_train", "b_test"), ("b", "strain")),
        (("trainA", "testA", "trainB", "testB"), ("A", "B")),
        (("train-cat", "test-cat", "train-great dane", "test-great dane"), ("cat", "great dane")),
        (("train/Cats", "test/cats", "train/Big dogs", "test/big_dogs"), ("Big dogs", "Cats")),
    ],
)
def test_folders_named_for_a_class_and_a_part_are_both(made, names, classes):
    files = {
        f"main/{name}/{index}.png": image
        for name in names
        for index, image in enumerate(list(pictures(16).values())[: 8 if "test" in name else 16])
    }
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert own_set.facts.classes == classes
    assert (own_set.facts.train_size, own_set.facts.test_size) == (32, 16)
    assert "part alone" not in own_set.said


def test_class_named_as_a_part_is_a_class(made):
    files = {
        f"{label}/{index}.png": image
        for label in ("bus", "car", "train")
        for index, image in enumerate(pictures(12).values())
    }
    assert made(zip_bytes(files), "a.zip", RGB).facts.classes == ("bus", "car", "train")


@pytest.mark.parametrize("loose", ["holiday.png", "main/holiday.png", "main/train/holiday.png"])
def test_loose_picture_is_left_out_and_told(made, loose):
    files = in_parts("main/train", "main/test")
    own_set = made(zip_bytes({loose: files["main/train/dark/001.png"]} | files), "a.zip", RGB)
    assert own_set.facts.classes == ("dark", "light")
    assert (own_set.facts.train_size, own_set.facts.test_size) == (36, 12)
    assert f"in no folder of a class: 1 image. Among them: {loose}." in own_set.said


def test_folders_beside_the_parts_are_left_out_and_told(made):
    files = in_parts("seg_train/seg_train", "seg_test/seg_test")
    more = {f"seg_pred/seg_pred/{n}.png": image for n, image in enumerate(pictures(6).values())}
    own_set = made(zip_bytes(files | more), "a.zip", RGB)
    assert (own_set.facts.train_size, own_set.facts.test_size) == (36, 12)
    assert "no folder of the training or test part: 6 images (in seg_pred)" in own_set.said


def test_class_without_training_images_is_told(made):
    files = in_parts("train", "test")
    more = {f"test/new/{n}.png": image for n, image in enumerate(pictures(12).values())}
    own_set = made(zip_bytes(files | more), "a.zip", RGB)
    assert own_set.facts.classes == ("dark", "light", "new")
    assert "In the test part alone: new." in own_set.said


HIDDEN = {
    "__MACOSX/main/dark/._000.png": b"x",
    "main/.git/a.png": b"x",
    "main/dark/.hidden.png": b"x",
    "main/dark/._000.png": b"x",
    "main/.DS_Store": b"x",
    "main/dark/Thumbs.db": b"x",
    "main/dark/.ipynb_checkpoints/000-checkpoint.png": pictures()["main/dark/001.png"],
    "$RECYCLE.BIN/1.png": pictures()["main/dark/001.png"],
} | {
    name.replace("/0", f"/{folder}/0") + inside: image
    for name, image in pictures().items()
    for folder, inside in (
        ("@eaDir", "/SYNOPHOTO_THUMB_XL.png"),
        (".thumbnails", ""),
        ("_thumbs", ""),
        ("thumbs", ""),
        (".@__thumb", ""),
    )
}


def test_what_systems_add_is_left_out_and_told(made):
    own_set = made(zip_bytes(pictures() | HIDDEN), "a.zip", RGB)
    assert f"(hidden files, thumbnails, bins): {len(HIDDEN)} files (" in own_set.said
    assert everything(own_set) == everything(made(zip_bytes(pictures()), "a.zip", RGB))


def test_class_named_thumb_is_a_class(made):
    files = {
        f"{label}/{index}.png": image
        for label in ("index", "thumb")
        for index, image in enumerate(pictures(12).values())
    }
    assert made(zip_bytes(files), "a.zip", RGB).facts.classes == ("index", "thumb")


def test_other_files_and_loose_images_are_told(made):
    files = {name.removeprefix("main/"): image for name, image in pictures().items()}
    more = {"loose.png": files["dark/001.png"], "dark/notes.txt": b"x", "labels.csv": b"x"}
    own_set = made(zip_bytes(files | more), "a.zip", RGB)
    assert "no images: 2 files (.txt, .csv)." in own_set.said
    assert "in no folder of a class: 1 image." in own_set.said
    assert own_set.facts.train_size + own_set.facts.test_size == 24


def test_unreadable_images_are_skipped_and_listed(made):
    bad = {
        "main/dark/text.png": b"no image",
        "main/dark/empty.png": b"",
        "main/light/cut.png": pictures()["main/light/002.png"][:-40],
        "main/light/vector.png": b"<svg/>",
    }
    own_set = made(zip_bytes(pictures() | bad), "a.zip", RGB)
    converted = own_set.converted
    assert converted.skipped_count == 4
    assert [name.split(":")[0] for name in converted.skipped] == sorted(bad)
    assert "could not be read: 4 images." in own_set.said
    assert everything(own_set) == everything(made(zip_bytes(pictures()), "a.zip", RGB))


def test_only_the_first_hundred_skipped_names_are_kept(made):
    bad = {f"main/dark/bad{index}.png": b"x" for index in range(150)}
    converted = made(zip_bytes(pictures() | bad), "a.zip", RGB).converted
    assert (len(converted.skipped), converted.skipped_count) == (100, 150)


def test_picture_of_too_many_pixels_is_skipped_before_it_is_decoded(made):
    bomb = image_bytes(np.zeros((1_000, 1_001), np.uint8))
    converted = made(
        zip_bytes(pictures() | {"main/dark/bomb.png": bomb}),
        "a.zip",
        RGB,
        pixels_per_image=1_000_000,
    ).converted
    assert converted.skipped == (
        "main/dark/bomb.png: it has 1,001 × 1,000 pixels; 1,000,000 are allowed",
    )


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_mode_are_read(made, mode):
    ending = "JPEG" if mode == "CMYK" else "PNG"
    values = np.linspace(0, 255, 64).astype(np.uint8).reshape(8, 8)
    if mode == "I;16":
        picture = Image.fromarray(values.astype(np.uint16) * 257)
    else:
        picture = Image.fromarray(values).convert(mode)
    file = BytesIO()
    picture.save(file, ending)
    files = {f"{label}/{index}.png": file.getvalue() for label in "ab" for index in range(12)}
    own_set = made(zip_bytes(files), "a.zip", GREY)
    if mode == "1":
        assert set(np.unique(own_set.x_train)) <= {0, 255}
    else:
        np.testing.assert_allclose(own_set.x_train[0, ..., 0], values, atol=4)


def test_look_counts_the_classes_and_measures_the_images(looked):
    look = looked(zip_bytes(pictures(30, side=10)), "a.zip")
    assert look.classes == (("dark", 15), ("light", 15))
    assert (look.width, look.height, look.is_grey) == (11, 10, False)


def test_look_sees_that_images_are_grey(looked):
    grey = image_bytes(np.arange(64, dtype=np.uint8).reshape(8, 8))
    same = image_bytes(np.repeat(np.arange(64, dtype=np.uint8), 3).reshape(8, 8, 3))
    files = {f"a/{n}.png": grey for n in range(12)} | {f"b/{n}.png": same for n in range(12)}
    assert looked(zip_bytes(files), "a.zip").is_grey


def test_more_images_than_allowed_are_sampled_and_told(made):
    own_set = made(zip_bytes(pictures(60)), "a.zip", RGB, samples=40)
    assert own_set.facts.train_size + own_set.facts.test_size == 40
    assert "40 of 60 images are used" in own_set.said


def test_imbalance_is_told(made):
    files = pictures(80)
    few = {n: image for n, image in files.items() if "dark" in n or n < "main/light/024"}
    assert "unbalanced: dark has 40 samples, light 12" in made(zip_bytes(few), "a.zip", RGB).said


ONE_FOLDER = {name: image for name, image in pictures(48).items() if "dark" in name}


@pytest.mark.parametrize(
    ("files", "choices", "told"),
    [
        ({"a.txt": b"x"}, RGB, "has no images in it"),
        (ONE_FOLDER, RGB, "has images in 1 folder; a folder for each class"),
        ({f"{n}.png": b"x" for n in range(30)}, RGB, "has images in 0 folders"),
        ({f"{c}/{n}.png": b"x" for c in "ab" for n in range(30)}, RGB, "none of its images"),
        (pictures(16), RGB, "of which 0 have at least 10 samples"),
        (pictures(), own.ImageChoices(3, "rgb"), "3 pixels were chosen; 4 to 256"),
        (pictures(), own.ImageChoices(257, "rgb"), "257 pixels were chosen"),
        (pictures(), own.ArraysChoices("classification"), "not of the kind"),
    ],
)
def test_archive_that_cannot_be_used_is_told(made, files, choices, told):
    with pytest.raises(UnusableUpload) as caught:
        made(zip_bytes(files), "a.zip", choices)
    assert told in str(caught.value)


def archive(**attributes: object) -> bytes:
    """The pictures, and one more member with these attributes of its `ZipInfo`."""
    file = BytesIO(zip_bytes(pictures()))
    with zipfile.ZipFile(file, "a") as whole:
        member = zipfile.ZipInfo("main/dark/more.png")
        for name, value in attributes.items():
            setattr(member, name, value)
        whole.writestr(member, b"content")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (archive(filename="../../evil.png"), "leads out of the archive"),
        (archive(filename="main/../../../evil.png"), "leads out of the archive"),
        (archive(filename="/etc/passwd.png"), "leads out of the archive"),
        (archive(filename="..\\..\\evil.png"), "leads out of the archive"),
        (archive(filename="C:\\evil.png"), "leads out of the archive"),
        (archive(external_attr=0o120777 << 16), "a link to another file"),
        (archive().replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
         "encrypted"),
    ],
)  # fmt: skip
def test_dangerous_archive_is_refused(looked, content, told):
    with pytest.raises(UnusableUpload, match=told):
        looked(content, "a.zip")


def test_zip_bomb_is_refused_by_its_ratio(looked):
    files = pictures() | {"main/dark/bomb.bmp": bytes(60 * 2**20)}
    with pytest.raises(UnusableUpload, match="as a zip bomb does"):
        looked(zip_bytes(files, zipfile.ZIP_DEFLATED), "a.zip")


def test_zip_bomb_is_refused_by_its_total(looked):
    files = pictures() | {"main/dark/bomb.bmp": bytes(5 * 2**20)}
    with pytest.raises(UnusableUpload, match="unpacks to 5 MB, but at most 4 MB"):
        looked(zip_bytes(files, zipfile.ZIP_DEFLATED), "a.zip", upload_bytes=2**20)


def test_size_that_a_member_lies_about_is_not_believed(made):
    # The directory says 10 bytes, the member unpacks to 5 MB.
    lying = bytearray(
        zip_bytes(pictures() | {"main/light/z.bmp": bytes(5 * 2**20)}, zipfile.ZIP_DEFLATED)
    )
    real = (5 * 2**20).to_bytes(4, "little")
    directory = lying.rindex(b"PK\x01\x02")
    lying[directory:] = lying[directory:].replace(real, (10).to_bytes(4, "little"))
    converted = made(bytes(lying), "a.zip", RGB).converted
    assert converted.skipped_count == 1


def test_too_many_files_are_refused(looked):
    with pytest.raises(UnusableUpload, match="has 24 files, but at most 20"):
        looked(zip_bytes(pictures()), "a.zip", files=20)


def test_names_are_kept_as_they_are_but_for_what_cannot_be_seen(made):
    files = {
        name.replace("dark", "<script>=1\u202e").replace("light", "$x^2$"): image
        for name, image in pictures().items()
    }
    assert made(zip_bytes(files), "a.zip", RGB).facts.classes == ("$x^2$", "<script>=1")


def test_photographs_are_turned_upright(made):
    lying = Image.new("RGB", (16, 8), "white")
    lying.paste("black", (0, 0, 8, 8))  # its left half
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: to be turned clockwise, so that left is up
    content = BytesIO()
    lying.save(content, "JPEG", exif=exif, quality=95)
    files = dict.fromkeys(pictures(24, "jpg"), content.getvalue())
    own_set = made(zip_bytes(files), "a.zip", GREY)
    image = own_set.x_train[0, ..., 0]
    assert image[:3].max() < 20
    assert image[5:].min() > 235
