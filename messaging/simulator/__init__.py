"""Three partners outside the record community, played by a process of its own, for demo and tests. Knows only the formats and the files.

`manage.py partner_simulator --port P --dir D`: D is the directory our file transport shares with its gateway. The partners take what we put
in `out/`, answer through `in/`, and are told what to do over HTTP on the loopback address (page at `/`, JSON beside it).
"""
