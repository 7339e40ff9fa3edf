"""Messages in and out of the house."""
