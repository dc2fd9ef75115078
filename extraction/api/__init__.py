"""The API of extraction: the same services and selectors as the pages, so the same guards."""
