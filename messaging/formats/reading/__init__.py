"""Elements to the model: one reader per way of wrapping, and readers of facts that every standard shares."""
