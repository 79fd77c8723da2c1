"""How a project is edited: one object that owns it, verbs that change it, and the undo stack."""
