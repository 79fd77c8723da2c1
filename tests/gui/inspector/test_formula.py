"""Formulas are printed with indices and powers, not as they are typed."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QTextDocument

from engine.activations import ACTIVATIONS
from engine.layers import LAYERS
from gui.inspector.formula import typeset


@pytest.mark.parametrize(
    ("formula", "printed"),
    [
        ("y = f(W x + b)", "y = f(W x + b)"),
        ("h_t = z h_{t-1} + (1 - z) n", "h<sub>t</sub> = z h<sub>t−1</sub> + (1 − z) n"),
        ("y = W_o softmax(Q Kᵀ / √d) V", "y = W<sub>o</sub> softmax(Q Kᵀ / √d) V"),
        ("a_k = exp(z_k) / Σ_j exp(z_j)", None),
        ("L = max_{j ≠ c} p_j", "L = max<sub>j ≠ c</sub> p<sub>j</sub>"),
        ("w ~ N(0, 2 / fan_in)", "w ~ N(0, 2 / fan_in)"),
        ("factor = (1 - e / E)^power", "factor = (1 − e / E)<sup>power</sup>"),
        ("a = z if z > 0", "a = z if z &gt; 0"),
        ("Cross-entropy: -t_k", "Cross-entropy: −t<sub>k</sub>"),
    ],
)
def test_an_index_stands_below_and_a_power_above(formula, printed):
    assert "_k" not in typeset(formula)
    if printed is not None:
        assert typeset(formula) == printed


@pytest.mark.parametrize(
    "formula", sorted({kind.formula for kind in (*LAYERS, *ACTIVATIONS) if kind.formula})
)
def test_nothing_of_a_formula_is_lost_but_its_signs_for_setting(qapp, formula):
    document = QTextDocument()
    document.setHtml(typeset(formula))
    signs = re.compile(r"[_{}^−-]")

    assert signs.sub("", document.toPlainText()) == signs.sub("", formula)
    assert "{" not in document.toPlainText()
