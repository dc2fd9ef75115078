"""An extraction spreadsheet of somebody else: read as a grid, mapped to a form, checked."""
