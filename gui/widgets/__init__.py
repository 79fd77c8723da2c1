"""The widgets that panels are made of. Each follows the theme by itself.

Fields; `value` reads, `set_value` shows without announcing, `committed` announces once an edit:
    NumberField(Integer | Real, value)   type, drag, scroll; bounds and sentences from the field;
                                         also `changed` (live) and `refused` (sentence)
    ChoiceField({key: label}, value)     one of a few
    Switch(value, name)                  yes or no
    TextField(text, placeholder)         one line; SearchField(placeholder, key)
    NamesField()                         names with commas between them, none of them cut
    Segments(actions)                    one of a few actions, all of them one click away
    FieldRow(label, editor, help)        label left, editor right, refusal under it
    ValueRow(label, text)                label left, monospaced value right

Text: TitleLabel, SectionLabel, TextLabel (wraps), HintLabel, NumberLabel, ElidedLabel, HairLine;
    labelled(name, field), side by side

Buttons: PrimaryButton (one on a screen), PlainButton, QuietButton, TintButton, LinkButton,
    IconButton(icon, name)

Surfaces: Panel, EmptyPage (`say`, `buttons`), Card (`content` layout),
    CardPopup (`content`, `open_at`), soft_shadow(widget)

Messages: InlineMessage(text, severity), Toast(host, text, severity).open(), Sign(severity);
    severities: ok, info, warning, bad

motion_ms(120): a duration, 0 where the user asks for less motion
number_text(0.001), parsed_number("1e-3")
"""

from gui.widgets.buttons import (
    IconButton,
    LinkButton,
    PlainButton,
    PrimaryButton,
    QuietButton,
    TintButton,
)
from gui.widgets.card import Card, CardPopup, Panel, soft_shadow
from gui.widgets.choice_field import ChoiceField
from gui.widgets.empty_page import EmptyPage
from gui.widgets.form import FieldRow, ValueRow
from gui.widgets.labels import (
    ElidedLabel,
    HairLine,
    HintLabel,
    NumberLabel,
    SectionLabel,
    TextLabel,
    TitleLabel,
    labelled,
)
from gui.widgets.message import InlineMessage, Sign, Toast
from gui.widgets.motion import motion_ms
from gui.widgets.names_field import NamesField
from gui.widgets.number_field import NumberField, number_text, parsed_number
from gui.widgets.segments import Segments
from gui.widgets.switch import Switch
from gui.widgets.text_field import SearchField, TextField

__all__ = [
    "Card",
    "CardPopup",
    "ChoiceField",
    "ElidedLabel",
    "EmptyPage",
    "FieldRow",
    "HairLine",
    "HintLabel",
    "IconButton",
    "InlineMessage",
    "LinkButton",
    "NamesField",
    "NumberField",
    "NumberLabel",
    "Panel",
    "PlainButton",
    "PrimaryButton",
    "QuietButton",
    "SearchField",
    "SectionLabel",
    "Segments",
    "Sign",
    "Switch",
    "TextField",
    "TextLabel",
    "TintButton",
    "TitleLabel",
    "Toast",
    "ValueRow",
    "labelled",
    "motion_ms",
    "number_text",
    "parsed_number",
    "soft_shadow",
]
