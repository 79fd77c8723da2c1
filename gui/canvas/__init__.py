"""The canvas: the graph as a picture that follows it, and the gestures that edit it.

view = CanvasView(document)           # pan, zoom, gestures, keys
scene = view.graph_scene              # one item per node and wire, kept up to date

scene.set_weights({wire: value})      # wires as wide and as coloured as their weights
scene.set_preview(node_id, image)     # a picture inside a node, or None
view.show_health({node_id: health})   # how well it learns, as a sign on the node
"""
