"""The record on paper. Everything is read through ``printable``: row security shows what this person may read, and the rule is asked once more
whether it may be printed. Words are bokmål: paper leaves the house (docs/architecture.md, Language)."""
