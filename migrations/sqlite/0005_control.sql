-- The control log: changes of keys, and what was declared lost. Leaves are in `leaves` (log 1); this is what they are made of.
CREATE TABLE control_entries (
  position    INTEGER PRIMARY KEY,                                  -- leaf index in the control log
  header      TEXT NOT NULL,                                        -- canonical JSON
  header_salt BLOB NOT NULL CHECK (length(header_salt) = 32),
  body_salt   BLOB NOT NULL CHECK (length(body_salt) = 32),
  body        TEXT NOT NULL                                         -- a signed note
) STRICT;
