"""PostgreSQL, broker and processes on one machine, for demo and tests. Production brings its own servers."""
