"""Rules of the log that need no Django."""
