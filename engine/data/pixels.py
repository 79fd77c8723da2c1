"""Image files as arrays of pixels, read by Pillow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.data.table import Array
from engine.shapes import Shape

if TYPE_CHECKING:
    from PIL.Image import Image

PAPER = "white"
ORIENTATION, ON_ITS_SIDE = 0x0112, (5, 6, 7, 8)
"""The EXIF tag for how a camera was held, and its values that swap width and height."""


@dataclass(frozen=True)
class Glance:
    """What the head of an image file says: its size as it is looked at, and if it has colours."""

    width: int
    height: int
    coloured: bool


@dataclass(frozen=True)
class Way:
    """How files become pixels of one shape. fit: stretch, crop or pad."""

    width: int
    height: int
    coloured: bool
    fit: str = "stretch"

    @property
    def shape(self) -> Shape:
        """(C, H, W)."""
        return (3 if self.coloured else 1, self.height, self.width)


def glance(path: Path) -> Glance | None:
    """What an image is, without its pixels; None if it cannot be read."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            width, height = image.size
            if image.getexif().get(ORIENTATION) in ON_ITS_SIDE:
                width, height = height, width
            return Glance(width, height, image.mode not in ("1", "L", "LA") and not _deep(image))
    except Exception:
        # Pillow's readers raise whatever they stumble over in a damaged file.
        return None


def pixels(path: Path, way: Way) -> Array | None:
    """The pixels of an image from 0 to 1, float32 (C, H, W); None if it cannot be read.

    Of moving images the first frame; transparent parts are white; deep grey has 8 bits left.
    """
    from PIL import Image, ImageOps

    size = way.width, way.height
    try:
        with Image.open(path) as opened:
            # A large JPEG is read at a fraction of its size, which leaves twice what is needed.
            opened.draft(None, (2 * max(size), 2 * max(size)))
            image = _flat(ImageOps.exif_transpose(opened), "RGB" if way.coloured else "L")
        filter = Image.Resampling.LANCZOS
        if way.fit == "crop":
            image = ImageOps.fit(image, size, filter)
        elif way.fit == "pad":
            image = ImageOps.pad(image, size, filter)
        else:
            image = image.resize(size, filter)
        found = np.asarray(image, dtype=np.float32) / 255  # (H, W) or (H, W, 3)
    except Exception:
        # As above: what is wrong with a file differs from format to format.
        return None
    return found.transpose(2, 0, 1) if way.coloured else found[None]  # (C, H, W)


def _deep(image: Image) -> bool:
    """Whether a pixel is one number of 16 bits."""
    return image.mode.startswith("I")


def _flat(image: Image, mode: str) -> Image:
    """An image without transparency, of 8 bits a number."""
    import PIL.Image

    if image.mode == "F":
        raise ValueError("an image of any numbers does not say which of them is white")
    if _deep(image):
        eighth = np.clip(np.asarray(image) // 257, 0, 255).astype(np.uint8)
        image = PIL.Image.fromarray(eighth)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = PIL.Image.new("RGBA", image.size, PAPER)
        image = PIL.Image.alpha_composite(paper, image)
    return image.convert(mode)
