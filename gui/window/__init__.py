"""The frame of the window: bars, menus, tabs, the files' questions. Panels are put into it."""
