"""The colours of the window, once for dark and once for light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType


@dataclass(frozen=True)
class Tokens:
    """One appearance: a colour (`#rrggbb`) for each purpose.

    canvas, dots: the ground of the canvas and its dots every 16 px.
    surface, node: panels, and the cards that stand on the canvas.
    field: the ground of inputs. hover: what lies under the pointer.
    border, hairline: edges of panels and fields, and rules inside them.
    text, second, muted: values and titles, labels, hints.
    accent, tint, on_accent: the one primary action, its tint for selections, text on it.
    ok, warning, bad: health and problems; never without a shape or a word.
    negative, zero, positive: weights, activations, heat maps, decision surfaces.
    series: the colours of curves, in order.
    """

    name: str
    canvas: str
    dots: str
    surface: str
    node: str
    field: str
    hover: str
    border: str
    hairline: str
    text: str
    second: str
    muted: str
    accent: str
    tint: str
    on_accent: str
    ok: str
    warning: str
    bad: str
    negative: str
    zero: str
    positive: str
    shadow: str
    series: tuple[str, ...]

    @property
    def dark(self) -> bool:
        return self.name == "dark"

    def colors(self) -> Mapping[str, str]:
        """Every single colour by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if str(value).startswith("#")}


DARK = Tokens(
    name="dark",
    canvas="#14161a",
    dots="#23272e",
    surface="#1a1d22",
    node="#1f2329",
    field="#15181c",
    hover="#252a31",
    border="#2b3037",
    hairline="#24282f",
    text="#e8eaed",
    second="#a2abb6",
    muted="#6c7682",
    accent="#4c8dff",
    tint="#1d2f4f",
    on_accent="#ffffff",
    ok="#46c28a",
    warning="#f0b44a",
    bad="#ff6b7a",
    negative="#f59632",
    zero="#1a1d22",
    positive="#468cff",
    shadow="#000000",
    series=("#4c8dff", "#f59e42", "#43bdb3", "#b57bee", "#f2cf4a", "#ff6b7a", "#8d99a8"),
)

LIGHT = Tokens(
    name="light",
    canvas="#f5f6f8",
    dots="#dfe3e8",
    surface="#ffffff",
    node="#ffffff",
    field="#f3f5f7",
    hover="#eef1f4",
    border="#dde1e6",
    hairline="#e9ecef",
    text="#1c2127",
    second="#56616d",
    muted="#8a94a0",
    accent="#2468e5",
    tint="#e4edfd",
    on_accent="#ffffff",
    ok="#1f9d63",
    warning="#b97a05",
    bad="#d8334a",
    negative="#f59632",
    zero="#ffffff",
    positive="#468cff",
    shadow="#1c2127",
    series=("#2468e5", "#e07b12", "#1b958b", "#8d4fd0", "#a98300", "#d8334a", "#6b7683"),
)

CATEGORY_COLORS: Mapping[str, str] = MappingProxyType(
    {
        "ends": "#5ec28c",
        "core": "#4c8dff",
        "neuron": "#f2cf4a",
        "convolution": "#b57bee",
        "recurrent": "#f08a55",
        "regularising": "#43bdb3",
        "merging": "#8d99a8",
        "loss": "#ff6b7a",
    }
)


def category_color(category: str) -> str:
    """The stripe of a category; the merging grey for one that has no colour of its own."""
    return CATEGORY_COLORS.get(category, CATEGORY_COLORS["merging"])
