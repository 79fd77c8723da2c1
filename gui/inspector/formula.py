"""Formulas as they are printed: what stands behind `_` and `^` is set lower and higher."""

from __future__ import annotations

import re
from html import escape

# Of one letter alone: `fan_in` is a name.
_INDEX = re.compile(r"(?<![^\W_])(\w)_(\w+)|(\w)_\{([^}]*)\}")
_POWER = re.compile(r"\^(\w+|\([^)]*\))")
_MINUS = re.compile(r"(?<![^\W\d_]{2})-")
"""That of `t-1`, and not the hyphen of a word."""


def typeset(formula: str) -> str:
    """A formula as rich text: `h_{t-1}` with its index below, `keep^e` with its power above."""
    text = escape(formula, quote=False)
    text = _INDEX.sub(lambda m: f"{m[1] or m[3]}<sub>{m[2] or m[4]}</sub>", text)
    text = _POWER.sub(r"<sup>\1</sup>", text)
    return _MINUS.sub("−", text).replace("\n", "<br>").replace("  ", "&nbsp; ")
