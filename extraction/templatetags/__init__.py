"""Filters of the extraction pages."""
