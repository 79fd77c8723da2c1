"""What can be read from a training about how it goes, and said in a sentence."""
