"""The catalogues. Spanish sentences are the ids; ``en`` is the English translation, complete by a check."""
