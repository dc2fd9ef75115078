"""A whole review in one open file: plain tables, results, proof; out of and into the app."""
