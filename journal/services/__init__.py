"""What changes the record: one act per function, inside the caller's open gate."""
