"""Forms of the ground floor: what a page sends, checked before a service is called."""
