"""Statistics of agreement, gains and synthesis, in plain numbers."""
