"""What stands in the Evaluate workspace before there is anything to evaluate."""

from __future__ import annotations

from gui.training.untrained import Untrained


class NothingToEvaluate(Untrained):
    """What to do first, or what is under way."""

    def explain_judging(self) -> None:
        """The first judgement is under way."""
        self.offer()
        self.say(self.tr("One moment"), self.tr("The network is judged on all parts of the data."))

    def explain(self) -> None:
        """Why there is nothing to judge."""
        busy = self.controller.busy or bool(self.controller.weights())
        if not busy and self.explain_obstacle():
            return
        if self.document.data is None:
            self.offer(self.data)
            self.say(
                self.tr("There is no data to judge the network on"),
                self.tr(
                    "A network is judged on examples that it has not learnt from. Choose a data "
                    "set or load a CSV file: a part of it is kept aside for this."
                ),
            )
        elif busy:
            self.offer()
            self.say(
                self.tr("One moment"),
                self.tr("The data is being loaded, or the first batch is trained."),
            )
        else:
            self.offer(self.train)
            self.say(
                self.tr("Nothing is trained yet"),
                self.tr(
                    "Train the network, and see here how often it is right on examples that it "
                    "has never seen, what it confuses, and its worst mistakes one by one."
                ),
            )
