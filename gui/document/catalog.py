"""What can be added to a graph: all that the layers offer, in sections, and how to find it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP as translate  # noqa: N811
from PySide6.QtCore import QByteArray, QCoreApplication, QMimeData

from engine.errors import GlassboxError
from engine.layers import LAYERS
from engine.layers.base import Layer, PaletteEntry
from gui.document.ends import FITTING_LOSS

MIME = "application/x-glassbox-layer"

SECTIONS = {
    "ends": translate("Sections", "Ends"),
    "neuron": translate("Sections", "Core"),
    "core": translate("Sections", "Core"),
    "convolution": translate("Sections", "Convolution"),
    "recurrent": translate("Sections", "Recurrent"),
    "regularising": translate("Sections", "Regularise"),
    "merging": translate("Sections", "Merge"),
    "loss": translate("Sections", "More losses"),
}
"""Category of a layer to the section it is listed in, both in order.

The losses that fit most networks stand with the ends; the many others come last.
"""


@dataclass(frozen=True)
class Offer:
    """One thing to add: an entry of a layer's palette, with the layer's category."""

    entry: PaletteEntry
    category: str

    @property
    def key(self) -> str:
        """What tells it apart from all others: its kind and settings as text."""
        return json.dumps([self.entry.kind, dict(self.entry.settings)], sort_keys=True)

    @property
    def label(self) -> str:
        return self.entry.label

    @property
    def section(self) -> str:
        section = SECTIONS.get(self.group, translate("Sections", "More"))
        return QCoreApplication.translate("Sections", str(section))

    @property
    def group(self) -> str:
        """The category under which it is listed."""
        common = self.entry.settings.get("loss") in FITTING_LOSS.values()
        return "ends" if common else self.category

    def layer(self) -> Layer:
        return LAYERS.get(self.entry.kind)(**self.entry.settings)

    def mime(self) -> QMimeData:
        """The offer as a drag carries it."""
        data = QMimeData()
        data.setData(MIME, QByteArray(self.key.encode()))
        data.setText(self.label)
        return data


def catalog() -> list[Offer]:
    """Everything registered, section by section; within one, in the order of registration."""
    order = list(SECTIONS)
    offers = [Offer(entry, layer.category) for layer in LAYERS for entry in layer.palette_entries()]
    return sorted(offers, key=lambda o: order.index(o.group) if o.group in order else len(order))


def dropped_layer(data: QMimeData) -> Layer | None:
    """The layer that a drag carries, or None if it carries anything else."""
    if not data.hasFormat(MIME):
        return None
    try:
        kind, settings = json.loads(bytes(data.data(MIME).data()))
        return LAYERS.get(kind)(**settings)
    except (ValueError, TypeError, GlassboxError):
        return None


def search(query: str, offers: Iterable[Offer], recent: Sequence[str] = ()) -> list[Offer]:
    """The offers that fit what was typed, best first; all of them for an empty query.

    recent: keys of what was added lately, latest first; among equals these come first.
    """
    typed = query.strip().casefold()
    ranked = []
    for place, offer in enumerate(offers):
        score = _score(typed, offer)
        if score is not None:
            age = recent.index(offer.key) if offer.key in recent else len(recent)
            ranked.append((score, age, place, offer))
    return [offer for *_, offer in sorted(ranked, key=lambda item: item[:3])]


def _score(typed: str, offer: Offer) -> int | None:
    """How well an offer fits, 0 being best; None if not at all."""
    if not typed:
        return 0
    label = offer.label.casefold()
    synonyms = [synonym.casefold() for synonym in (*offer.entry.synonyms, offer.entry.kind)]
    if label.startswith(typed):
        return 0
    if any(word.startswith(typed) for word in label.replace("-", " ").split()):
        return 1
    if any(synonym.startswith(typed) for synonym in synonyms):
        return 2
    if typed in label or any(typed in synonym for synonym in synonyms):
        return 3
    if any(_spells(typed, text) for text in (label, *synonyms)):
        return 4
    return None


def _spells(typed: str, text: str) -> bool:
    """Whether the letters of `typed` stand in `text` in this order, the first one first."""
    letters = iter(text)
    return text[:1] == typed[:1] and all(letter in letters for letter in typed)
