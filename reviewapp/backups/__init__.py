"""A whole installation in one file: every table and every stored file, on either database."""
