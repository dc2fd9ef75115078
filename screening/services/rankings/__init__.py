"""Writes of the order by relevance: vectors, trainings, earlier decisions, the decision to stop."""
