"""HTTP of the record: reads the form, calls a service or a selector, answers."""
