"""What changed between two settings objects, in words for the undo menu."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.fields import Declared

translate = QCoreApplication.translate


def changed_field(before: Declared, after: Declared, who: str = "") -> tuple[str, str]:
    """The path of the one field that differs (`optimizer.rate`) and a sentence for it.

    who: whose field it is, for the sentence; empty leaves it out. Path and
    sentence are empty where more than one field differs: such edits never merge.
    Nor do those that add to a list of declarations, or take from it: their path is empty.
    """
    if type(before) is not type(after):
        return "", ""
    names = [f.name for f in before.fields() if getattr(before, f.name) != getattr(after, f.name)]
    if len(names) != 1:
        return "", ""
    (name,) = names
    old, new = getattr(before, name), getattr(after, name)
    if isinstance(old, Declared) and type(old) is type(new):
        path, text = changed_field(old, new, new.label)
        return (f"{name}.{path}", text) if path else ("", "")
    path = name
    if _are_declared(old) or _are_declared(new):
        place, of_item, text = _changed_item(old, new)
        if text:
            return f"{name}.{place}.{of_item}", text
        path = ""
    label, value = name.replace("_", " "), value_text(new)
    if who:
        return path, translate("Undo", "Set {} of {} to {}").format(label, who, value)
    return path, translate("Undo", "Set {} to {}").format(label, value)


def _are_declared(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(item, Declared) for item in value)


def _changed_item(
    before: tuple[Declared, ...], after: tuple[Declared, ...]
) -> tuple[int, str, str]:
    """The place of the one item that differs, the path in it and a sentence; else empty ones."""
    pairs = list(zip(before, after, strict=False))
    others = [place for place, (old, new) in enumerate(pairs) if old != new]
    if len(before) != len(after) or len(others) != 1:
        return 0, "", ""
    (place,) = others
    return place, *changed_field(*pairs[place])


def value_text(value: object) -> str:
    """A field's value as a menu shows it."""
    if isinstance(value, Declared):
        return value.label
    if isinstance(value, bool):
        return translate("Undo", "on") if value else translate("Undo", "off")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(value_text(item) for item in value) or translate("Undo", "nothing")
    return str(value) if value != "" else translate("Undo", "nothing")
