"""Forms made from declarations: every field gets the editor of its type.

form = Form(commit)                    # commit(field name, value), may raise GlassboxError
form.show_settings(layer)              # or several at once: their common fields
Form(commit, Surroundings(columns))    # where fields suggest columns of the data
"""

from gui.forms.editor import Editor, Surroundings, spoken
from gui.forms.form import EDITORS, Form, common_fields, editor_type

__all__ = [
    "EDITORS",
    "Editor",
    "Form",
    "Surroundings",
    "common_fields",
    "editor_type",
    "spoken",
]
