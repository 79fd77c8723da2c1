"""What stands in the Export workspace before there is anything to export."""

from __future__ import annotations

from gui.training.untrained import Untrained


class NothingToExport(Untrained):
    """What to do first, or what is under way."""

    def explain(self) -> None:
        """Why there is nothing to export."""
        if self.controller.busy:
            self.offer()
            self.say(
                self.tr("The first batch is on its way"),
                self.tr("As soon as something is learnt it can be exported."),
            )
        elif self.explain_obstacle():
            return
        elif self.document.data is None:
            self.offer(self.data)
            self.say(
                self.tr("There is no data to learn from"),
                self.tr("Choose a data set or load a CSV file, and train the network on it."),
            )
        else:
            self.offer(self.train)
            self.say(
                self.tr("Nothing is trained yet"),
                self.tr(
                    "Train the network first. Then leave with a file that runs anywhere, compared "
                    "number by number with what you see here."
                ),
            )
