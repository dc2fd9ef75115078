"""The API of results: the same selectors and services as the pages.

pandas, SciPy and Plotly stand behind most of them, so they are imported where they are needed:
without them the first page is there in half the time.
"""
