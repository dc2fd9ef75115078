"""Every write of the extraction floor."""
