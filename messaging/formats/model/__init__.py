"""One message, whatever standard it came in: who, to whom, about whom, and what it tells. Immutable values only."""
