"""From bytes to elements, and back: the only place that meets raw and possibly hostile input."""
