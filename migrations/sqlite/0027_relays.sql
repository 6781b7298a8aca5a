-- Entries of control logs of other instances as they were opened: what is handed on of these logs is handed on whole.
CREATE TABLE origin_control_openings (
  origin      INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  header      TEXT NOT NULL,
  header_salt BLOB NOT NULL CHECK (length(header_salt) = 32),
  body_salt   BLOB NOT NULL CHECK (length(body_salt) = 32),
  body        BLOB NOT NULL,
  PRIMARY KEY (origin, position)
) STRICT, WITHOUT ROWID;

-- What a relay opened of another instance's log and may not hand on: above TLP:GREEN, or of no level of its own. It is evidence against the relay.
CREATE TABLE misrelayed (
  relay    TEXT NOT NULL COLLATE NOCASE,                              -- the peer, as it was called when it was found
  origin   TEXT NOT NULL,                                             -- of the data log
  position INTEGER NOT NULL,
  text     TEXT NOT NULL,                                             -- what shows it (docs/federating.md)
  found    INTEGER NOT NULL,                                          -- microseconds
  PRIMARY KEY (relay, origin, position)
) STRICT, WITHOUT ROWID;
