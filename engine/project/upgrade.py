"""Older project files, made into ones of this version, one version after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import NewerProjectError, ProjectError
from engine.project.schema import FORMAT, VERSION

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

UPGRADES: Mapping[int, Upgrade] = {1: dict}
"""Version to the function that makes the next version of it. Version 1 is the first.

2 adds what version 1 leaves at its default: shared, frozen and switched nodes, delayed
wires, groups, frames and notes.
"""


def upgraded(
    plain: object,
    name: str,
    upgrades: Mapping[int, Upgrade] = UPGRADES,
    version: int = VERSION,
) -> dict[str, Any]:
    """The content of `project.json` as this version writes it.

    name: of the file, for the message.

    Raises
        NewerProjectError: it comes from a newer version of the program.
        ProjectError: it is something else.
    """
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise ProjectError(
            f"{name!r} is not a Glassbox project: its project.json does not say "
            f'"format": "{FORMAT}". Choose another file.'
        )
    found = plain.get("version")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise ProjectError(
            f"{name!r} cannot be opened: its version must be a whole number of at least 1, "
            f"got {found!r}."
        )
    if found > version:
        raise NewerProjectError(
            f"{name!r} was saved by a newer version of Glassbox (its format is {found}, this "
            f"program reads up to {version}). Update Glassbox to open it."
        )
    for step in range(found, version):
        plain = {**upgrades[step](plain), "version": step + 1}
    return plain
