"""HTTP of bookings and sessions: reads the form, calls a service or a selector, answers."""
