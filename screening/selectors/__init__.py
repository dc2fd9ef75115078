"""Reads across tables of the ground floor; each takes the asking membership where blinding matters."""
