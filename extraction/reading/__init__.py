"""Reading reports: searching them, finding quotes again, sentences, likely places of a value."""
