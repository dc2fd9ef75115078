"""The ground floor: people, records, duplicates, decisions and reports."""
