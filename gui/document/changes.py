"""What changed between two settings objects, in words for the undo menu."""

from __future__ import annotations

from engine.fields import Declared


def changed_field(before: Declared, after: Declared, who: str = "") -> tuple[str, str]:
    """The path of the one field that differs (`optimizer.rate`) and a sentence for it.

    who: what the settings are called in the sentence; empty means their label.

    The path is empty where more than one differs, so that such edits never merge.
    """
    who = who or after.label
    if type(before) is not type(after):
        return "", f"Change {who} to {after.label}"
    names = [f.name for f in before.fields() if getattr(before, f.name) != getattr(after, f.name)]
    if len(names) != 1:
        return "", f"Change {who}"
    (name,) = names
    old, new = getattr(before, name), getattr(after, name)
    if isinstance(old, Declared) and type(old) is type(new):
        path, text = changed_field(old, new)
        return (f"{name}.{path}", text) if path else ("", text)
    return name, f"Set {words(name)} of {who} to {value_text(new)}"


def words(name: str) -> str:
    return name.replace("_", " ")


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
