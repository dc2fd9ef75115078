"""Reads of the top floor, across all tables below."""
