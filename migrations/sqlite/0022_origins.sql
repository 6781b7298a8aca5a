-- Other instances whose logs are followed here. A version's `origin` is a row of this table; 0 is this instance.
CREATE TABLE origins (
  origin INTEGER PRIMARY KEY AUTOINCREMENT,
  name   TEXT NOT NULL UNIQUE,                                        -- of its data log: a key name
  terms  BLOB CHECK (terms IS NULL OR length(terms) = 16)             -- of what it shows us and what we take, when `applied` of its data log was last 0
) STRICT;

-- How far each log of an origin was verified, and how far it was applied. applied <= size.
CREATE TABLE origin_logs (
  origin     INTEGER NOT NULL REFERENCES origins (origin),
  log        INTEGER NOT NULL CHECK (log IN (0, 1)),                  -- 0 data, 1 control
  size       INTEGER NOT NULL,
  range      BLOB NOT NULL,                                           -- compact range of that size
  checkpoint TEXT NOT NULL,                                           -- the note of that size that its key signed
  verified   INTEGER NOT NULL,                                        -- when, in microseconds
  applied    INTEGER NOT NULL CHECK (applied <= size),                -- every entry below it was considered
  PRIMARY KEY (origin, log)
) STRICT, WITHOUT ROWID;

-- The verified leaf hashes of a log of an origin, in tiles of level 0 as they are published; the last one may be partial.
CREATE TABLE origin_tiles (
  origin INTEGER NOT NULL,
  log    INTEGER NOT NULL,
  tile   INTEGER NOT NULL,
  hashes BLOB NOT NULL CHECK (length(hashes) % 32 = 0 AND length(hashes) BETWEEN 32 AND 8192),
  PRIMARY KEY (origin, log, tile)
) STRICT, WITHOUT ROWID;

-- What an origin opened and the door refused here, without its content.
CREATE TABLE origin_refusals (
  origin   INTEGER NOT NULL,
  position INTEGER NOT NULL,                                          -- leaf index in its data log
  code     TEXT NOT NULL,                                             -- of the first finding
  refused  INTEGER NOT NULL,                                          -- microseconds
  PRIMARY KEY (origin, position)
) STRICT, WITHOUT ROWID;

-- An entry of a log is known once, and found by its place there.
CREATE UNIQUE INDEX versions_by_leaf ON versions (origin, origin_index) WHERE origin_index IS NOT NULL;

-- At which origin an organisation speaks; 0: here. Whoever speaks at a peer has no credentials here, but the peer itself.
ALTER TABLE organisations ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
