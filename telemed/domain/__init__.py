"""When something can be booked: spans of time, opening hours, series, next free times. Pure: no Django, no clock."""
