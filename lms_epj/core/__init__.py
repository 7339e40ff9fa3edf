"""The ground every app stands on. Imports no app."""
