"""Readers of search exports: one file a format, one interface, nothing lost."""
