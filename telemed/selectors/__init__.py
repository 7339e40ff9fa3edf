"""What the pages of bookings and sessions show."""
