"""Table 1 and the gains as rows and as files."""
