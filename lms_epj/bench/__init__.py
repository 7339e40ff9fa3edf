"""What the product costs: the cast's everyday requests over HTTP and in process, in figures. Nothing is asserted here."""
