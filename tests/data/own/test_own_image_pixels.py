"""Images of every format and mode, against pixels worked out by hand."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.data import own
from core.errors import UnusableUpload
from tests.data.own.own_files import image_bytes, pictures, zip_bytes

RGB, GREY = own.ImageChoices(8, "rgb"), own.ImageChoices(8, "grayscale")
RAMP = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4  # 0 to 252
COLORS = np.stack([RAMP, RAMP[::-1], np.full((8, 8), 90, np.uint8)], axis=-1)


def saved(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def two_classes(content: bytes, name: str = "{}.png", other: bytes | None = None) -> bytes:
    """A zip of 12 equal images in the class `a`, and 12 of another kind in `b`."""
    other = other or content
    files = {f"a/{name.format(n)}": content for n in range(12)}
    return zip_bytes(files | {f"b/{name.format(n)}": other for n in range(12)})


def first_of(own_set, label: int = 0) -> np.ndarray:
    """The first image of a class, int (8, 8) or (8, 8, 3)."""
    image = own_set.x_train[own_set.y_train == label][0].astype(int)
    return image[..., 0] if image.shape[-1] == 1 else image


FORMATS = {
    "png": ("PNG", {}, 0),
    "jpg": ("JPEG", {"quality": 100, "subsampling": 0}, 3),
    "jpe": ("JPEG", {"quality": 100, "subsampling": 0}, 3),
    "jfif": ("JPEG", {"quality": 100, "subsampling": 0}, 3),
    "JPEG": ("JPEG", {"quality": 100, "subsampling": 0}, 3),
    "webp": ("WEBP", {"lossless": True}, 0),
    "WebP": ("WEBP", {"lossless": True}, 0),
    "tif": ("TIFF", {}, 0),
    "tiff": ("TIFF", {"compression": "tiff_lzw"}, 0),
    "TIFF": ("TIFF", {"compression": "tiff_adobe_deflate"}, 0),
    "avif": ("AVIF", {"quality": 100, "subsampling": "4:4:4"}, 3),
    "bmp": ("BMP", {}, 0),
    "gif": ("GIF", {}, 0),
    "jp2": ("JPEG2000", {}, 0),
    "ppm": ("PPM", {}, 0),
    "dib": ("BMP", {}, 0),
}


@pytest.mark.parametrize("ending", FORMATS)
def test_colours_of_every_format_are_read(made, ending):
    kind, options, tolerance = FORMATS[ending]
    image = Image.fromarray(COLORS)
    content = saved(image.quantize(64) if kind == "GIF" else image, kind, **options)
    expected = np.asarray(image.quantize(64).convert("RGB")) if kind == "GIF" else COLORS
    own_set = made(two_classes(content, f"{{}}.{ending}"), "a.zip", RGB)
    np.testing.assert_allclose(first_of(own_set), expected, atol=tolerance)
    assert own_set.converted.skipped_count == 0


@pytest.mark.parametrize("name", ["{}", "{}.png", "{}.dat", "image.{}", "{}.jpg.part"])
@pytest.mark.parametrize("kind", ["WEBP", "PNG", "TIFF", "BMP"])
def test_content_counts_where_the_ending_is_missing_or_wrong(made, name, kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    content = saved(Image.fromarray(COLORS), kind, **options)
    own_set = made(two_classes(content, name), "a.zip", RGB)
    np.testing.assert_array_equal(first_of(own_set), COLORS)
    by_content = "Taken for images by their content" in own_set.said
    assert by_content == (not name.endswith(".png"))


UNREAD = {
    "IMG_1.HEIC": "HEIC",
    "a.nef": "a camera's raw format",
    "a.dng": "a camera's raw format",
    "a.svg": "a drawing of lines",
    "a.mp4": "a video",
    "a.dcm": "a medical format",
    "a.psd": "a format that is not read here",
}


@pytest.mark.parametrize("name", UNREAD)
def test_other_kinds_are_passed_over_and_told(made, looked, name):
    # Raw files and drawings may begin as a TIFF does.
    other = saved(Image.fromarray(COLORS), "TIFF")
    files = pictures() | {f"main/dark/{name}": other, f"main/light/{name}": other}
    told = f"Passed over, as {UNREAD[name]}"
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert told in own_set.said
    assert f"2 files (main/dark/{name}, main/light/{name})" in own_set.said
    assert any(told in warning for warning in looked(zip_bytes(files), "a.zip").warnings)


def test_archive_of_heic_alone_says_what_to_do(looked):
    files = {f"{label}/{n}.heic": b"x" for label in "ab" for n in range(20)}
    with pytest.raises(UnusableUpload, match=r"HEIC cannot be read here: 40 files.*as PNG or JPEG"):
        looked(zip_bytes(files), "a.zip")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\0\0\0\x18ftypheic" + bytes(40), "it is a HEIC picture: save it as JPEG"),
        (b"<svg xmlns='x'/>", "it is an SVG drawing"),
        (b"<!DOCTYPE html><html>", "it is a web page"),
        (b"version https://git-lfs.github.com/spec/v1", "it is a pointer of Git LFS"),
        (b"", "it is empty"),
        (b"nothing", "it is no picture of the kinds PNG, JPEG"),
        (image_bytes(RAMP)[:45], "damaged"),
    ],
)
def test_reason_is_told_why_an_image_is_skipped(made, content, reason):
    converted = made(zip_bytes(pictures() | {"main/dark/x.jpg": content}), "a.zip", RGB).converted
    assert converted.skipped_count == 1
    assert reason in converted.skipped[0] or "truncated" in converted.skipped[0]


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "WEBP", "PNG"])
def test_first_of_several_frames_or_pages_is_used_and_told(made, kind):
    pages = [Image.fromarray(RAMP), Image.fromarray(255 - RAMP)]
    options = {"lossless": True} if kind == "WEBP" else {}
    content = saved(pages[0], kind, save_all=True, append_images=pages[1:], **options)
    own_set = made(two_classes(content, "{}." + kind.lower()), "a.zip", GREY)
    np.testing.assert_allclose(first_of(own_set), RAMP, atol=1)
    assert "Only the first frame or page was used of 24 images." in own_set.said


# --- transparency

DISC = np.hypot(*(np.indices((8, 8)) - 3.5)) < 3
BEHIND = {"white": 255, "black": 0, "grey": 128}


def shape(color: int, mode: str = "RGBA", alpha: int = 255) -> Image.Image:
    """A disc of one colour on a transparent ground, which is as dark or light as the disc."""
    mask = np.where(DISC, alpha, 0).astype(np.uint8)
    grey = np.full((8, 8), color, np.uint8)
    image = Image.fromarray(np.dstack([grey, grey, grey, mask]))
    if mode == "LA":
        return Image.fromarray(np.dstack([grey, mask]))
    if mode == "P":  # a palette of which one colour is transparent
        indexed = Image.fromarray(DISC.astype(np.uint8))
        indexed.putpalette([color] * 6)
        indexed.info["transparency"] = 0
        return indexed
    return image


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize(("color", "background"), [(0, "white"), (40, "white"), (255, "black")])
@pytest.mark.parametrize("choices", [RGB, GREY])
def test_shapes_on_transparent_ground_are_seen(made, looked, mode, color, background, choices):
    content = saved(shape(color, mode), "PNG")
    files = two_classes(content, other=saved(shape(color, mode).rotate(90), "PNG"))
    own_set = made(files, "a.zip", choices)
    expected = np.where(DISC, color, BEHIND[background])
    found = first_of(own_set)
    np.testing.assert_array_equal(found if found.ndim == 2 else found[..., 0], expected)
    assert f"Put on {background}, as they have transparent parts: 24 images." in own_set.said
    look = looked(files, "a.zip")
    assert (look.transparent, look.background) == (24, background)


def test_black_and_white_shapes_in_one_set_are_all_seen(made):
    files = two_classes(saved(shape(0), "PNG"), other=saved(shape(255), "PNG"))
    own_set = made(files, "a.zip", GREY)
    np.testing.assert_array_equal(first_of(own_set, 0), np.where(DISC, 0, 128))
    np.testing.assert_array_equal(first_of(own_set, 1), np.where(DISC, 255, 128))


@pytest.mark.parametrize("background", BEHIND)
def test_background_can_be_chosen(made, background):
    choices = own.ImageChoices(8, "grayscale", background=background)
    own_set = made(two_classes(saved(shape(170), "PNG")), "a.zip", choices)
    np.testing.assert_array_equal(first_of(own_set), np.where(DISC, 170, BEHIND[background]))


def test_half_transparent_pixels_are_mixed(made):
    own_set = made(two_classes(saved(shape(0, alpha=128), "PNG")), "a.zip", GREY)
    expected = np.where(DISC, np.rint(255 * (1 - 128 / 255)), 255)
    np.testing.assert_array_equal(first_of(own_set), expected)


def test_transparent_colour_of_a_gif_is_seen_through(made):
    indexed = Image.fromarray(DISC.astype(np.uint8))
    indexed.putpalette([0, 0, 0, 0, 0, 0])
    content = saved(indexed, "GIF", transparency=0)
    own_set = made(two_classes(content, "{}.gif"), "a.zip", GREY)
    np.testing.assert_array_equal(first_of(own_set), np.where(DISC, 0, 255))


def test_opaque_alpha_changes_nothing_and_is_not_told(made):
    image = Image.fromarray(np.dstack([COLORS, np.full((8, 8), 255, np.uint8)]))
    own_set = made(two_classes(saved(image, "PNG")), "a.zip", RGB)
    np.testing.assert_array_equal(first_of(own_set), COLORS)
    assert "transparent" not in own_set.said


def test_alpha_that_hides_all_is_left_away_and_told(made):
    image = Image.fromarray(np.dstack([COLORS, np.zeros((8, 8), np.uint8)]))
    own_set = made(two_classes(saved(image, "PNG")), "a.zip", RGB)
    np.testing.assert_array_equal(first_of(own_set), COLORS)
    assert "Transparency was left away, as it hid all: 24 images." in own_set.said


# --- depth and modes


def deep(values: np.ndarray, kind: str = "PNG", **options) -> bytes:
    return saved(Image.fromarray(values), kind, **options)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_sixteen_bits_are_scaled_by_the_bits_in_use(made, kind, bits):
    white = 2**bits - 1
    values = np.linspace(0, white, 64).round().astype(np.uint16).reshape(8, 8)
    dim = (values // 4).astype(np.uint16)
    files = two_classes(deep(values, kind), other=deep(dim, kind))
    own_set = made(files, "a.zip", GREY)
    np.testing.assert_allclose(first_of(own_set, 0), values / white * 255, atol=0.51)
    # All by the same measure, not each by its own.
    np.testing.assert_allclose(first_of(own_set, 1), dim / white * 255, atol=0.51)
    assert f"Brought to 0 to 255, from 0 to {white:g}: 24 images" in own_set.said


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 255), (-1, 1), (0, 4000), (0, 0.25)])
def test_floating_point_pixels_are_scaled(made, low, high):
    values = np.linspace(low, high, 64).astype(np.float32).reshape(8, 8)
    own_set = made(two_classes(deep(values, "TIFF"), "{}.tif"), "a.zip", GREY)
    np.testing.assert_allclose(first_of(own_set), (values - low) / (high - low) * 255, atol=0.51)
    assert f"Brought to 0 to 255, from {low} to {high}: 24 images" in own_set.said


def test_sixteen_bits_that_are_dark_in_all_pictures_are_brightened(made):
    values = RAMP.astype(np.uint16) * 20  # to 5,040 of 16,383
    own_set = made(two_classes(deep(values)), "a.zip", GREY)
    np.testing.assert_allclose(first_of(own_set), values / 5040 * 255, atol=0.51)
    assert "Brought to 0 to 255, from 0 to 5040: 24 images" in own_set.said


def test_tiff_whose_zero_is_white_is_not_inverted(made):
    values = RAMP.astype(np.uint16) * 257
    content = deep(values, "TIFF", tiffinfo={262: 0})
    stored = Image.open(io.BytesIO(content))
    assert (stored.mode, stored.tag_v2[262]) == ("I;16", 0)
    own_set = made(two_classes(content, "{}.tif"), "a.zip", GREY)
    found = first_of(own_set)
    assert found[0, 0] > found[7, 7]


def test_one_bit_is_black_and_white(made):
    own_set = made(two_classes(saved(Image.fromarray(DISC), "PNG")), "a.zip", GREY)
    np.testing.assert_array_equal(first_of(own_set), np.where(DISC, 255, 0))


def test_cmyk_has_the_colours_pillow_gives_it(made):
    image = Image.fromarray(COLORS).convert("CMYK")
    own_set = made(two_classes(saved(image, "TIFF"), "{}.tif"), "a.zip", RGB)
    np.testing.assert_allclose(first_of(own_set), COLORS, atol=1)


def test_masks_from_0_to_1_are_brightened_and_told(made):
    own_set = made(two_classes(image_bytes(DISC.astype(np.uint8))), "a.zip", GREY)
    np.testing.assert_array_equal(first_of(own_set), np.where(DISC, 255, 0))
    assert "Pixels from 0 to 1 were brought to 0 to 255." in own_set.said


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_pictures_of_every_kind_are_turned_upright(made, orientation, kind):
    turned = {1: RAMP, 3: np.rot90(RAMP, 2), 6: np.rot90(RAMP, -1), 8: np.rot90(RAMP)}
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    options |= {"quality": 100} if kind == "JPEG" else {}
    content = saved(Image.fromarray(RAMP), kind, exif=exif, **options)
    own_set = made(two_classes(content), "a.zip", GREY)
    np.testing.assert_allclose(first_of(own_set), turned[orientation], atol=3)


# --- sizes


def test_fits_of_pictures_that_are_not_square(made):
    wide = np.zeros((8, 16), np.uint8)
    wide[:, 4:12] = RAMP  # its middle
    content = image_bytes(wide)
    crop = made(two_classes(content), "a.zip", own.ImageChoices(8, "grayscale", fit="crop"))
    np.testing.assert_array_equal(first_of(crop), RAMP)
    assert "All images were cut to their middle and scaled, from 16 × 8 to 8 × 8" in crop.said
    high = made(two_classes(content), "a.zip", own.ImageChoices(16, "grayscale", fit="pad"))
    np.testing.assert_array_equal(first_of(high)[4:12], wide)
    assert not first_of(high)[:4].any()
    assert "given margins" in high.said
    stretched = made(two_classes(content), "a.zip", GREY)
    np.testing.assert_allclose(first_of(stretched), wide.reshape(8, 8, 2).mean(axis=2), atol=0.51)
    assert "All images were stretched, from 16 × 8 to 8 × 8 pixels." in stretched.said


def test_sizes_are_told(made, looked):
    small, large = image_bytes(RAMP), image_bytes(np.tile(RAMP, (4, 6)))
    files = two_classes(small, other=large)
    look = looked(files, "a.zip")
    assert (look.smallest, look.largest) == ((8, 8), (48, 32))
    own_set = made(files, "a.zip", RGB)
    assert "Images of 8 × 8 to 48 × 32 pixels were stretched to 8 × 8 pixels." in own_set.said


def test_thin_lines_of_large_pictures_are_not_lost(made):
    large = np.full((400, 400), 255, np.uint8)
    large[::5, :200] = 0
    own_set = made(two_classes(image_bytes(large)), "a.zip", GREY)
    np.testing.assert_allclose(first_of(own_set)[:, :4], 255 * 0.8, atol=0.51)
    np.testing.assert_array_equal(first_of(own_set)[:, 4:], 255)


def test_tiny_and_huge_pictures_are_read(made):
    files = two_classes(
        image_bytes(np.array([[10]], np.uint8)),
        other=image_bytes(np.full((3_000, 1), 99, np.uint8)),
    )
    own_set = made(files, "a.zip", GREY)
    assert {int(image.max()) for image in own_set.x_train} == {10, 99} or "brought" in own_set.said


# --- what nothing can be learnt from


def test_set_of_one_shade_is_refused(made):
    invisible = Image.fromarray(np.zeros((8, 8, 4), np.uint8))
    with pytest.raises(UnusableUpload, match="all pixels of all 24 images are the same"):
        made(two_classes(saved(invisible, "PNG")), "a.zip", RGB)


def test_pictures_of_one_colour_are_told(made):
    files = two_classes(image_bytes(np.full((8, 8), 255, np.uint8)), other=image_bytes(RAMP))
    own_set = made(files, "a.zip", GREY)
    assert "12 images of 24 have a single colour and show nothing: a/0.png, a/1.png" in own_set.said


def test_classes_with_the_same_pictures_are_told(made):
    own_set = made(two_classes(image_bytes(RAMP)), "a.zip", GREY)
    assert "The classes a, b have exactly the same images" in own_set.said


def test_the_same_picture_in_two_classes_is_told(made):
    files = pictures()
    files["main/light/copy.png"] = files["main/dark/001.png"]
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert "In more than one class, value for value: 1 image." in own_set.said
    assert "The classes" not in own_set.said


def test_test_images_among_the_training_images_are_told(made):
    files = {name.replace("main", "train"): image for name, image in pictures(24).items()}
    more = {name.replace("train", "test"): image for name, image in list(files.items())[:6]}
    own_set = made(zip_bytes(files | more), "a.zip", RGB)
    assert own_set.facts.test_size == 6
    assert "6 test images of 6 are among the training images too, value for value" in own_set.said


def test_distinct_pictures_are_not_said_to_be_alike(made):
    said = made(zip_bytes(pictures()), "a.zip", RGB).said
    assert "value for value" not in said
    assert "single colour" not in said
