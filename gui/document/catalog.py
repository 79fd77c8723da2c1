"""What can be added to a graph: all that the layers offer, in sections, and how to find it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from PySide6.QtCore import QT_TRANSLATE_NOOP as translate  # noqa: N811 - a function, whatever its case
from PySide6.QtCore import QByteArray, QCoreApplication, QMimeData

from engine.errors import GlassboxError
from engine.layers import LAYERS
from engine.layers.base import Layer, PaletteEntry
from gui.document.ends import FITTING_LOSS
from gui.widgets import naming

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

    @cached_property
    def key(self) -> str:
        return key_of(self.entry)

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


def key_of(entry: PaletteEntry) -> str:
    """What tells an entry apart from all others: its kind and settings as text."""
    return json.dumps([entry.kind, dict(entry.settings)], sort_keys=True)


def catalog() -> list[Offer]:
    """Everything registered, section by section; within one, in the order of registration.

    What is not listed comes last in its section.
    """
    order = list(SECTIONS)
    offers = [Offer(entry, layer.category) for layer in LAYERS for entry in layer.palette_entries()]
    places = {group: place for place, group in enumerate(order)}
    return sorted(offers, key=lambda o: (places.get(o.group, len(order)), not o.entry.listed))


def dropped_key(data: QMimeData) -> str:
    """The key of the offer that a drag carries."""
    return bytes(data.data(MIME).data()).decode(errors="replace")


def dropped_layer(data: QMimeData) -> Layer | None:
    """The layer that a drag carries, or None if it carries anything else."""
    if not data.hasFormat(MIME):
        return None
    try:
        kind, settings = json.loads(dropped_key(data))
        return LAYERS.get(kind)(**settings)
    except (ValueError, TypeError, GlassboxError):
        return None


def search(
    query: str,
    offers: Iterable[Offer],
    recent: Sequence[str] = (),
    uses: Mapping[str, int] = MappingProxyType({}),
) -> list[Offer]:
    """The offers that fit what was typed, best first; for an empty query all that are listed.

    recent: keys of what was added lately, latest first. uses: how often each was added.
    Among equals what is used more comes first; without a query, what was added lately.
    """
    typed = query.strip()
    ranked = []
    for place, offer in enumerate(offers):
        names = (*offer.entry.synonyms, offer.entry.kind)
        score, key = naming.score(query, offer.label, names), offer.key
        if score is not None and (typed or offer.entry.listed or key in recent):
            age = recent.index(key) if key in recent else len(recent)
            often = -uses.get(key, 0)
            habit = (often, age) if typed else (age, often)
            ranked.append((score, *habit, place, offer))
    return [offer for *_, offer in sorted(ranked, key=lambda item: item[:-1])]


def other_name(query: str, offer: Offer) -> str:
    """The synonym by which a query found an offer; nothing where its own name says it."""
    return naming.other_name(query, offer.label, offer.entry.synonyms)
