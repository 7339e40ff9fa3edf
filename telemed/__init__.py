"""Video, equipment and remote monitoring."""
