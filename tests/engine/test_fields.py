"""Fields check, convert and describe values; declarations are immutable bundles of them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import FieldError
from engine.fields import (
    Boolean,
    Choice,
    Declared,
    Integer,
    Real,
    Sizes,
    Text,
    Texts,
    Variant,
    Variants,
)
from engine.registry import Registry


class Solid(Declared):
    pass


SHAPES: Registry[Solid] = Registry("solid")


@SHAPES.register
class Cube(Solid):
    kind = "cube"
    label = "Cube"
    edge = Integer(2, minimum=1, maximum=9, help="Length of an edge.")


@SHAPES.register
class Ball(Solid):
    kind = "ball"
    label = "Ball"
    radius = Real(1.0, above=0, help="Radius.")


class Box(Declared):
    kind = "box"
    label = "Box"
    count = Integer(1, minimum=0, help="How many.")
    share = Real(0.5, minimum=0, below=1, help="Share of the box that is full.")
    open = Boolean(False, help="Whether the lid is off.")
    name = Text("box", help="What it is called.")
    tags = Texts((), help="Words on it.")
    colour = Choice("red", {"red": "Red", "blue": "Blue"}, help="Its colour.")
    size = Sizes((1, 2), axes=range(1, 4), free_axis=True, help="Its sides.")
    content = Variant("cube", SHAPES, help="What is in it.")
    pile = Variants((), SHAPES, help="What is on it.")


def test_a_declaration_without_settings_has_the_defaults():
    assert Box().count == 1
    assert Box().content == Cube()


def test_replaced_gives_a_changed_copy_and_leaves_the_original():
    box = Box()
    other = box.replaced(count=3)

    assert other.count == 3
    assert box.count == 1


def test_a_declaration_is_immutable():
    with pytest.raises(AttributeError, match="immutable"):
        Box().count = 2


def test_equal_settings_make_equal_declarations_with_equal_hashes():
    assert Box(count=2) == Box(count=2)
    assert hash(Box(count=2)) == hash(Box(count=2))
    assert Box(count=2) != Box(count=3)
    assert Cube() != Ball()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"count": -1}, "Box.count must be a whole number of at least 0, got -1."),
        ({"share": 1}, "Box.share must be a number of at least 0 and below 1, got 1."),
        ({"open": 1}, "Box.open must be true or false, got 1."),
        ({"name": 3}, "Box.name must be text, got 3."),
        ({"tags": "ab"}, "Box.tags must be a list of texts, got 'ab'."),
        ({"colour": "green"}, "Box.colour must be one of red, blue, got 'green'."),
        (
            {"size": [0]},
            "Box.size must be 1 to 3 whole numbers of at least 1, "
            "one of which may be -1 (whatever is left), got [0].",
        ),
        ({"content": "cone"}, "Box.content must be one of cube, ball, got 'cone'."),
        ({"pile": ["cone"]}, "Box.pile must be a list, each one of cube, ball, got ['cone']."),
        (
            {"content": {"kind": "cube", "edge": 0}},
            "Cube.edge must be a whole number from 1 to 9, got 0.",
        ),
        ({"cuont": 1}, "Box has no setting named 'cuont'. Did you mean 'count'?"),
        ({"zzz": 1}, "Box has no setting named 'zzz'."),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(settings, sentence):
    with pytest.raises(FieldError) as refused:
        Box(**settings)

    assert str(refused.value) == sentence


@pytest.mark.parametrize("field", Box.fields(), ids=lambda field: field.name)
def test_every_wrong_example_of_a_field_is_refused(field):
    examples = field.wrong_examples()

    assert examples
    for wrong in examples:
        with pytest.raises(FieldError):
            Box(**{field.name: wrong})


def test_plain_values_build_an_equal_declaration_again():
    box = Box(
        count=2,
        tags=["a", "b"],
        size=(3, -1),
        content=Ball(radius=2.5),
        pile=[Cube(edge=3), Ball()],
    )

    assert Box(**box.to_plain()) == box


def test_a_nested_declaration_with_defaults_is_written_as_its_bare_kind():
    plain = Box(content=Ball(), pile=[Cube(edge=5)]).to_plain()

    assert plain["content"] == "ball"
    assert plain["pile"] == [{"kind": "cube", "edge": 5}]


def test_an_integral_float_counts_as_a_whole_number():
    assert Box(count=3.0).count == 3


def test_numbers_of_numpy_are_taken_as_plain_ones():
    box = Box(count=np.int64(3), share=np.float32(0.25), size=[np.int32(4), np.uint8(5)])

    assert (box.count, box.share, box.size) == (3, 0.25, (4, 5))
    assert [type(box.count), type(box.share), *map(type, box.size)] == [int, float, int, int]
    for wrong in ({"count": np.float64(2.5)}, {"count": np.bool_(True)}, {"share": np.inf}):
        with pytest.raises(FieldError):
            Box(**wrong)


def test_a_field_names_itself_in_words():
    class Named(Declared):
        label = "Named"
        kernel_size = Integer(1, help="Size.")

    assert Named.field("kernel_size").label == "Kernel size"


def test_fields_are_inherited_first():
    class Crate(Box):
        label = "Crate"
        nails = Integer(8, help="How many nails.")

    assert [field.name for field in Crate.fields()][-1] == "nails"
    assert Crate().count == 1


def test_an_unregistered_declaration_is_no_variant():
    class Cone(Solid):
        kind = "cone"
        label = "Cone"

    with pytest.raises(FieldError, match=r"Box\.content must be one of cube, ball"):
        Box(content=Cone())
