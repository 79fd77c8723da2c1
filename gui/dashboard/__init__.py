"""What a training looks like while it goes: curves, gradients, weights, and live pictures.

It imports pyqtgraph, which takes a while; so import it after the first frame.

    LossPanel(document, controller), GradientsPanel(...), WeightsPanel(...): tabs
    LiveCanvas(document, controller, canvas): pictures in the nodes, weights on the wires,
        and the output over the input plane
"""

from gui.dashboard.gradients import GradientsPanel
from gui.dashboard.live_canvas import LiveCanvas
from gui.dashboard.loss import LossPanel
from gui.dashboard.weights import WeightsPanel

__all__ = ["GradientsPanel", "LiveCanvas", "LossPanel", "WeightsPanel"]
