"""The wiring of LMS EPJ: settings, URLs, processes, demo. What the record is stands in the apps."""
