"""A message as something a person reads: sections of headings, facts, text and tables, in bokmål."""
