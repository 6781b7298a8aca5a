-- What the control logs of other instances opened, whole: one that was restored from a backup gets its own back.
CREATE TABLE origin_control_entries (
  origin      INTEGER NOT NULL,
  position    INTEGER NOT NULL,                                     -- leaf index in its control log
  header      TEXT NOT NULL,
  header_salt BLOB NOT NULL CHECK (length(header_salt) = 32),
  body_salt   BLOB NOT NULL CHECK (length(body_salt) = 32),
  body        TEXT NOT NULL,
  PRIMARY KEY (origin, position)
) STRICT;
