"""Tags of the pages of figures."""
