"""JSON that people and diffs can read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.project.text import readable_json

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=40,
)


@given(PLAIN)
def test_it_is_json_of_the_same_value(plain):
    assert json.loads(readable_json(plain)) == plain


def test_what_fits_on_a_line_stands_on_a_line():
    assert readable_json({"position": [0, 0], "kind": "dense"}) == (
        '{"position": [0, 0], "kind": "dense"}\n'
    )


def test_what_does_not_fit_has_one_line_for_each_item():
    wire = {"source": "a" * 30, "target": "b" * 30}

    assert readable_json({"wires": [wire, wire]}) == (
        "{\n"
        '  "wires": [\n'
        f'    {{"source": "{"a" * 30}", "target": "{"b" * 30}"}},\n'
        f'    {{"source": "{"a" * 30}", "target": "{"b" * 30}"}}\n'
        "  ]\n"
        "}\n"
    )


def test_a_changed_setting_changes_one_line():
    def text(units):
        nodes = [{"id": f"dense_{n}", "kind": "dense", "settings": {"units": 8}} for n in range(9)]
        nodes[4]["settings"] = {"units": units}
        return readable_json({"nodes": nodes}).splitlines()

    before, after = text(8), text(16)

    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_letters_of_all_languages_stay_readable():
    assert readable_json("输入 ü") == '"输入 ü"\n'


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        readable_json([float("nan")])
