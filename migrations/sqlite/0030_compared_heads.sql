-- The heads of an origin that were opened to us: what is answered when another member asks for what came after one.
CREATE TABLE origin_heads (
  origin   INTEGER NOT NULL,
  rank     INTEGER NOT NULL,                                         -- the newest has the highest; so many are kept of an origin
  token    BLOB NOT NULL CHECK (length(token) = 16),                 -- of its numbering
  position INTEGER NOT NULL,                                         -- leaf index
  salt     BLOB NOT NULL CHECK (length(salt) = 32),                  -- of its body, which only those have to whom it was opened
  opening  BLOB NOT NULL,                                            -- schema/log/openings.hpp
  PRIMARY KEY (origin, rank)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX origin_heads_by_token ON origin_heads (origin, token, position);

-- What another member shows may not fit either: a head that was not opened to us.
CREATE TABLE origin_flaws_now (
  flaw    INTEGER PRIMARY KEY AUTOINCREMENT,
  origin  INTEGER NOT NULL,
  token   BLOB NOT NULL CHECK (length(token) = 16),
  kind    TEXT NOT NULL CHECK (kind IN ('gap', 'duplicate', 'hash', 'count', 'unshown')),
  first   INTEGER NOT NULL,                                          -- leaf indices [first, shown) have what is missing
  shown   INTEGER NOT NULL,                                          -- of the entry that shows it
  missing INTEGER NOT NULL,                                          -- numbers, of a gap; of a head those beyond ours
  opening BLOB NOT NULL,                                             -- what shows it, as the origin logged it (schema/log/openings.hpp)
  found   INTEGER NOT NULL,                                          -- microseconds
  UNIQUE (origin, token, kind, shown)
) STRICT;
INSERT INTO origin_flaws_now SELECT * FROM origin_flaws;
DROP TABLE origin_flaws;
ALTER TABLE origin_flaws_now RENAME TO origin_flaws;
