-- What entries of the data log are numbered by: the class of the version and the collection in which it was first published, so that whoever may
-- see the class there has a part in every number. Entries from before are numbered by their class alone (classes.token), which nothing is any more.
CREATE TABLE numberings (
  numbering  INTEGER PRIMARY KEY,
  class      INTEGER NOT NULL,
  collection INTEGER NOT NULL,
  token      BLOB NOT NULL UNIQUE CHECK (length(token) = 16),        -- names it in headers
  count      INTEGER NOT NULL,                                       -- its entries; their numbers are 1 to this
  last       INTEGER NOT NULL,                                       -- leaf index of the last one
  rolling    BLOB NOT NULL CHECK (length(rolling) = 32),             -- hash over their leaves
  headed     INTEGER NOT NULL CHECK (headed <= count),               -- what its newest head says that `count` is
  UNIQUE (class, collection)
) STRICT;

-- NULL: numbered by its class, logged elsewhere, or never logged.
ALTER TABLE versions ADD COLUMN numbering INTEGER;

-- Entries of the data log that are no version: what a numbering had come to.
CREATE TABLE heads (
  position    INTEGER PRIMARY KEY,                                   -- leaf index in the data log
  numbering   INTEGER NOT NULL,
  header      TEXT NOT NULL,                                         -- canonical JSON
  header_salt BLOB NOT NULL CHECK (length(header_salt) = 32),
  body_salt   BLOB NOT NULL CHECK (length(body_salt) = 32),
  body        TEXT NOT NULL                                          -- canonical JSON
) STRICT;

-- How far the numberings of an origin were followed, since its data log was last read from 0.
CREATE TABLE origin_numberings (
  origin   INTEGER NOT NULL,
  token    BLOB NOT NULL CHECK (length(token) = 16),
  count    INTEGER NOT NULL,                                         -- the highest number that was seen
  last     INTEGER NOT NULL,                                         -- its leaf index
  rolling  BLOB CHECK (rolling IS NULL OR length(rolling) = 32),     -- NULL: not known, as a number is missing
  head     INTEGER,                                                  -- leaf index of the newest head; NULL: none was opened to us
  headed   INTEGER NOT NULL,                                         -- the count that it names
  beyond   INTEGER,                                                  -- since when an entry is stored that no head covers, in microseconds
  PRIMARY KEY (origin, token)
) STRICT, WITHOUT ROWID;

-- What does not fit in them. A gap may be what was erased: then the control log says so, sooner or later.
CREATE TABLE origin_flaws (
  flaw    INTEGER PRIMARY KEY AUTOINCREMENT,
  origin  INTEGER NOT NULL,
  token   BLOB NOT NULL CHECK (length(token) = 16),
  kind    TEXT NOT NULL CHECK (kind IN ('gap', 'duplicate', 'hash', 'count')),
  first   INTEGER NOT NULL,                                          -- leaf indices [first, shown) have what is missing
  shown   INTEGER NOT NULL,                                          -- of the entry that shows it
  missing INTEGER NOT NULL,                                          -- numbers, of a gap
  opening BLOB NOT NULL,                                             -- what the origin opened that shows it (schema/log/openings.hpp)
  found   INTEGER NOT NULL,                                          -- microseconds
  UNIQUE (origin, token, kind, shown)
) STRICT;

-- What was erased, which explains what is missing.
CREATE INDEX origin_recalls_erased ON origin_recalls (origin, position) WHERE state = 3;
