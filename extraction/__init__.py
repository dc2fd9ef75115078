"""The second floor: studies, extraction forms, extracted and reconciled values."""
