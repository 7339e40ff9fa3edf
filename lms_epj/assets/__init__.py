"""Makes `build/vendor` (styles, scripts, font, icons) from npm packages, and `.mo` files from translations. Nothing of it is committed."""
