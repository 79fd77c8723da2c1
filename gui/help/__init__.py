"""The sheet of keys, and what this program is."""
