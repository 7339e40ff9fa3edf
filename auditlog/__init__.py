"""Who saw what. Knows no other app."""
