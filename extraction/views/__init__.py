"""Pages of the extraction floor."""
