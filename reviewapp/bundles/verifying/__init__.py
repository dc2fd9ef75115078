"""Proves a bundle by itself: nothing but the standard library and the bundle's own files.

It shares no code with the app: each rule is written a second time, from its description.
"""
