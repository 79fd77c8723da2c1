"""What changed between two settings objects, in words for the undo menu."""

from __future__ import annotations

from engine.fields import Declared


def changed_field(before: Declared, after: Declared, who: str = "") -> tuple[str, str]:
    """The path of the one field that differs (`optimizer.rate`) and a sentence for it.

    who: whose field it is, for the sentence; empty leaves it out. Path and
    sentence are empty where more than one field differs: such edits never merge.
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
    of = f" of {who}" if who else ""
    return name, f"Set {name.replace('_', ' ')}{of} to {value_text(new)}"


def value_text(value: object) -> str:
    """A field's value as a menu shows it."""
    if isinstance(value, Declared):
        return value.label
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(value_text(item) for item in value) or "nothing"
    return str(value) if value != "" else "nothing"
