"""QR codes as one SVG path, so that no picture of a secret is ever written to a file or fetched from an address."""

from typing import Any

import segno


def qr_path(text: str) -> dict[str, Any]:
    """``{size, path}``: the side in modules, without margin, and the path of the dark ones."""
    matrix = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    runs = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark]
    return {"size": len(matrix), "path": "".join(runs)}
