"""What everything that is declared by its fields must keep, over every registry."""

from __future__ import annotations

import inspect
import json
import re

import pytest

from engine.activations import ACTIVATIONS
from engine.data import base as data
from engine.errors import FieldError, UnknownKindError
from engine.fields import (
    Boolean,
    Choice,
    Integer,
    Real,
    Reals,
    Sizes,
    Text,
    Texts,
    Variant,
    Variants,
)
from engine.initializers import INITIALIZERS
from engine.layers import LAYERS
from engine.layers.padding import PADDINGS
from engine.losses import LOSSES
from engine.metrics import METRICS
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES

REGISTRIES = (
    LAYERS,
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    INITIALIZERS,
    METRICS,
    PADDINGS,
    data.SOURCES,
    data.TRANSFORMS,
)
WITH_FORMULAS = (
    *(LAYERS, ACTIVATIONS, PADDINGS, LOSSES, OPTIMIZERS, SCHEDULES, INITIALIZERS, METRICS),
)
KINDS = [
    pytest.param(registry, kind, id=f"{registry.noun}-{kind.kind}".replace(" ", "_"))
    for registry in REGISTRIES
    for kind in registry
]
FIELDS = [
    pytest.param(kind, field, id=f"{kind.kind}.{field.name}")
    for registry in REGISTRIES
    for kind in registry
    for field in kind.fields()
]
REFUSED = [
    pytest.param(kind, field, wrong, id=f"{kind.kind}.{field.name}-{wrong!r}")
    for registry in REGISTRIES
    for kind in registry
    for field in kind.fields()
    for wrong in field.wrong_examples()
]


def other_value(field):
    """A value that the field accepts and that is not its default, or the default if all it has."""
    return _OTHERS[type(field)](field)


def _number_within(field, step):
    for value in (field.default + step, field.default - step, field.default / 2):
        try:
            if field.accepted(value) != field.default:
                return value
        except ValueError:
            continue
    return field.default


_OTHERS = {
    Integer: lambda field: _number_within(field, 1),
    Real: lambda field: _number_within(field, 0.25),
    Reals: lambda field: (*field.default, 2.5),
    Boolean: lambda field: not field.default,
    Text: lambda field: field.default + "other",
    Texts: lambda field: (*field.default, "other"),
    Choice: lambda field: next(o for o in [*field.options, field.default] if o != field.default),
    Sizes: lambda field: tuple([2] * field.axes[0]),
    Variant: lambda field: next(
        kind() for kind in field.registry if kind() != field.default or len(field.registry) == 1
    ),
    Variants: lambda field: tuple(kind() for kind in list(field.registry)[:2]),
}


@pytest.mark.parametrize(("registry", "kind"), KINDS)
def test_a_kind_has_a_stable_name_a_label_a_sentence_and_an_explanation(registry, kind):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", kind.kind)
    assert kind.label
    assert kind.label[0].upper() == kind.label[0]
    assert kind.summary[-1] in ".?"
    assert inspect.getdoc(kind)
    assert all(synonym == synonym.lower() for synonym in kind.synonyms)
    assert registry.get(kind.kind) is kind
    if registry in WITH_FORMULAS:
        assert kind.formula


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.noun)
def test_no_two_kinds_share_a_label(registry):
    labels = [kind.label for kind in registry]

    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.noun)
@pytest.mark.parametrize("name", ["os.system", "engine.layers.dense.Dense", "", "../dense"])
def test_a_name_that_is_no_kind_is_refused(registry, name):
    with pytest.raises(UnknownKindError, match=f"^No {registry.noun} is named"):
        registry.get(name)


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_a_field_has_a_label_help_and_a_default_that_it_accepts(kind, field):
    assert field.label
    assert field.help.endswith(".")
    assert len(field.help) > 12
    assert field.expects()
    assert field.accepted(field.default) == field.default
    assert field.wrong_examples()


@pytest.mark.parametrize(("kind", "field", "wrong"), REFUSED)
def test_a_wrong_value_is_refused_with_who_what_was_expected_and_what_came(kind, field, wrong):
    with pytest.raises(FieldError) as refusal:
        kind(**{field.name: wrong})
    assert str(refusal.value) == (
        f"{kind.label}.{field.name} must be {field.expects()}, got {wrong!r}."
    )


@pytest.mark.parametrize(("registry", "kind"), KINDS)
def test_an_unknown_setting_is_refused(registry, kind):
    with pytest.raises(FieldError) as refusal:
        kind(no_such_setting=1)
    assert str(refusal.value).startswith(f"{kind.label} has no setting named 'no_such_setting'.")


@pytest.mark.parametrize(("registry", "kind"), KINDS)
def test_settings_survive_being_written_as_json_and_read_again(registry, kind):
    changed = {field.name: other_value(field) for field in kind.fields()}
    for original in (kind(), kind(**changed)):
        text = json.dumps(original.to_plain(), allow_nan=False)

        assert registry.get(kind.kind)(**json.loads(text)) == original


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_changing_a_field_makes_another_object_and_leaves_the_first(kind, field):
    first, value = kind(), other_value(field)
    second = first.replaced(**{field.name: value})

    assert getattr(first, field.name) == field.default
    assert getattr(second, field.name) == field.accepted(value)
    assert (first == second) == (field.accepted(value) == field.default)
    with pytest.raises(AttributeError):
        setattr(first, field.name, value)
