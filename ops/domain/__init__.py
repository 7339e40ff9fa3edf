"""Rosters worked out: pure, no Django, no clock."""
