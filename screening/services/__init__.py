"""Every write of the ground floor: keyword-only, one transaction, permission asked inside."""
