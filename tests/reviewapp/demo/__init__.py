"""A package of its own, so that the demo loaded once is gone before other tests begin."""
