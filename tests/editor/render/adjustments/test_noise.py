from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from editor.model.image import Image, Pixels
from editor.model.patch import Patch, settings_of
from editor.render.adjustments.noise import measured
from editor.render.composite import render
from editor.render.mip import halved
from editor.tone import describe_settings, read


def smooth_scene(side: int = 320, depth: int = 8) -> Pixels:
    """Soft gradients, sharp discs and no noise, kept away from black and white."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    picture = np.stack([0.3 + 0.3 * x, 0.35 + 0.25 * y, 0.6 - 0.2 * x * y], -1)
    for index, colour in enumerate(([0.8, 0.3, 0.2], [0.2, 0.5, 0.3], [0.75, 0.75, 0.7])):
        cv2.circle(picture, (60 + 95 * index, 200 - 40 * index), 42, colour, -1)
    maximum = (1 << depth) - 1
    return np.rint(picture * maximum).astype(np.uint8 if depth == 8 else np.uint16)


def with_noise(pixels: Pixels, sigma: float, *, photons: bool = False) -> Pixels:
    """Gaussian noise of `sigma` 255ths, or such that grows with the root of the light."""
    maximum = np.iinfo(pixels.dtype).max
    noise = np.random.default_rng(1).normal(0.0, sigma / 255 * maximum, pixels.shape)
    if photons:
        noise *= np.sqrt(pixels / maximum)
    return np.rint(np.clip(pixels + noise, 0, maximum)).astype(pixels.dtype)


def after(pixels: Pixels, **settings: Any) -> Pixels:
    image = Image.from_array(pixels)
    return render(image, Patch(settings_of(settings)), None, workers=1).array()


def psnr(one: Pixels, other: Pixels) -> float:
    maximum = np.iinfo(one.dtype).max
    error = np.mean((one.astype(np.float64) - other) ** 2)
    return float(10 * np.log10(maximum**2 / error))


def steepness(pixels: Pixels) -> float:
    """Mean gradient of red along the rim of the first disc, which is red."""
    red = np.ascontiguousarray(pixels[:, :, 0], np.float32)
    slope = cv2.magnitude(cv2.Sobel(red, -1, 1, 0), cv2.Sobel(red, -1, 0, 1))
    rim = np.zeros(red.shape, np.uint8)
    cv2.circle(rim, (60, 200), 42, 1, 1)
    return float(slope[rim > 0].mean())


@pytest.mark.parametrize("sigma", [5.0, 10.0, 20.0])
@pytest.mark.parametrize("photons", [False, True])
@pytest.mark.parametrize("depth", [8, 16])
def test_noise_goes_and_edges_stay(sigma: float, photons: bool, depth: int) -> None:
    clean = smooth_scene(depth=depth)
    noisy = with_noise(clean, sigma, photons=photons)
    less = after(noisy, noise_reduction=0.5)
    assert psnr(less, clean) > psnr(noisy, clean) + 8
    assert psnr(less, clean) > psnr(after(noisy, blur=0.15), clean) + 3
    assert steepness(less) > (0.9 if sigma <= 10 else 0.75) * steepness(clean)


def test_it_helps_photographs(make_scene: Callable[..., Pixels]) -> None:
    clean = make_scene()
    noisy = with_noise(clean, 10.0)
    assert psnr(after(noisy, noise_reduction=0.5), clean) > psnr(noisy, clean) + 3


@pytest.mark.parametrize("depth", [8, 16])
def test_a_picture_without_noise_stays(depth: int) -> None:
    clean = smooth_scene(depth=depth)
    assert (after(clean, noise_reduction=1.0) == clean).all()


@pytest.mark.parametrize("sigma", [5.0, 10.0, 20.0])
def test_noise_is_measured(sigma: float) -> None:
    """Near middle grey the root of linear light and encoded values rise alike."""
    grey = np.full((300, 300, 3), 128, np.uint8)
    level = measured(Image.from_array(with_noise(grey, sigma)), 1.0)
    for found in (level.lightness, *level.chroma):
        assert found * 255 == pytest.approx(sigma, rel=0.15)


def test_texture_is_no_noise() -> None:
    """Structure is stronger in coarser detail, noise is not."""
    rough = np.random.default_rng(2).normal(0.0, 1.0, (320, 320))
    texture = cv2.GaussianBlur(rough, (0, 0), 1.2)
    pixels = np.rint(128 + 50 * texture)[:, :, None].repeat(3, axis=2).astype(np.uint8)
    assert measured(Image.from_array(pixels), 1.0).lightness * 255 < 1.0
    assert (after(pixels, noise_reduction=0.5) == pixels).all()


def test_colour_noise_goes_before_noise_of_lightness() -> None:
    clean = smooth_scene()
    noisy = with_noise(clean, 10.0)

    def spread(pixels: Pixels) -> tuple[float, float]:
        error = pixels[20:90, 20:300].astype(np.float64) - clean[20:90, 20:300]
        return float(error.mean(axis=2).std()), float((error[..., 0] - error[..., 2]).std())

    before, less = spread(noisy), spread(after(noisy, noise_reduction=0.25))
    assert less[1] / before[1] < 0.85 * less[0] / before[0]


def test_a_preview_shows_what_the_full_size_gets() -> None:
    image = Image.from_array(with_noise(smooth_scene(640), 16.0))
    patch = Patch(settings_of({"noise_reduction": 0.5}))
    full = halved(render(image, patch, None, workers=1)).array()
    preview = render(halved(image), patch, None, scale=0.5, workers=1).array()
    assert psnr(preview, full) > 38
    assert psnr(preview, full) > psnr(halved(image).array(), full) + 5


@pytest.mark.parametrize(
    "text", ["less noise", "denoise", "reduce the noise", "less grain", "remove the noise"]
)
def test_words_for_less_noise_are_read_as_it(text: str) -> None:
    readings = read(text, has_selection=False)
    assert all(one.adjustments.noise_reduction and not one.adjustments.blur for one in readings)
    assert str(describe_settings(readings[0].adjustments)) == "Less noise"


@pytest.mark.parametrize("text", ["smoother", "soften it"])
def test_softer_is_still_a_blur(text: str) -> None:
    first = read(text, has_selection=False)[0].adjustments
    assert first.blur
    assert not first.noise_reduction
