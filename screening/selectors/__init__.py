"""Reads across tables of the ground floor; each takes the asker where blinding matters."""
