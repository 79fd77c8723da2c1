"""What the pointer does on the canvas, one class per gesture.

A gesture begins with a press, follows the moves, ends with a release (or a
second click) and can be cancelled at any time, after which nothing has changed.
Gestures show; on their end they call one verb of the document.
"""
