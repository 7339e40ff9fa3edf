"""What reads the record, shaped for the pages."""
