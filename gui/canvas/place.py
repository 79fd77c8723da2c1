"""Where one looks at the canvas, as the project's file keeps it."""

from __future__ import annotations

import math
from collections.abc import Mapping, MutableMapping
from dataclasses import asdict, dataclass
from typing import Any

SECTION = "canvas"


@dataclass(frozen=True)
class Place:
    """x, y: what is in the middle, in the scene. zoom: 1.0 is 100 %."""

    x: float
    y: float
    zoom: float

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Place | None:
        """What `keep` wrote; None if there is nothing, or nothing that makes sense."""
        kept = view.get(SECTION)
        if not isinstance(kept, Mapping):
            return None
        numbers = [kept.get(name) for name in ("x", "y", "zoom")]
        if not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
            return None
        x, y, zoom = (float(n) for n in numbers if n is not None)
        return cls(x, y, zoom) if zoom > 0 else None

    def keep(self, view: MutableMapping[str, Any]) -> None:
        view[SECTION] = asdict(self)


def forget(view: MutableMapping[str, Any]) -> None:
    """Keep no place: the whole network is shown when the project is opened."""
    view.pop(SECTION, None)
