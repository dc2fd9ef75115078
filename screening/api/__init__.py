"""The API of screening: the same services and selectors as the pages, so the same guards."""
