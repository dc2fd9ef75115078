"""Talking to outside databases over https: counts, pages of records, look-ups by identifier."""
