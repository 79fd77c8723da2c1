"""Fields: the typed settings of everything a user can configure.

A class derived from `Declared` lists its fields once, with bounds and one
sentence of help. Its checks, its inspector form, its entry in the project
file, its help page and its tests all come from that list:

    class Dropout(Layer):
        rate = Real(0.5, minimum=0, below=1, help="Share of values set to zero.")

    Dropout(rate=0.2).replaced(rate=2)
    # FieldError: Dropout.rate must be a number from 0 to below 1, got 2.
"""

from engine.fields.declared import Declared
from engine.fields.field import Field, Plain
from engine.fields.numbers import Boolean, Integer, Real, Reals
from engine.fields.sizes import Sizes
from engine.fields.texts import Choice, Text, Texts
from engine.fields.variants import Variant, Variants, accepted_variant, variant_to_plain

__all__ = [
    "Boolean",
    "Choice",
    "Declared",
    "Field",
    "Integer",
    "Plain",
    "Real",
    "Reals",
    "Sizes",
    "Text",
    "Texts",
    "Variant",
    "Variants",
    "accepted_variant",
    "variant_to_plain",
]
