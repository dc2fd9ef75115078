"""The order by relevance: what it is trained on, what this process remembers, who is next.

Import the modules inside functions where a page can be served without them: they need numpy.
"""
