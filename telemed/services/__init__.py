"""What changes bookings and sessions: one act per function, inside the caller's open gate."""
