"""What a browser calls itself, in a few words that people know their own machines by."""

# The first that fits: others' names stand in theirs too.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPad", "iPad"), ("iPhone", "iPhone"), ("Android", "Android"), ("Windows", "Windows"), ("Macintosh", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(agent: str) -> str:
    """«Chrome, Windows» for a browser's User-Agent; what it says itself (shortened) when nothing is known of it; «–» for nothing."""
    known = [next((name for mark, name in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in known if name) or agent[:40] or "–"
