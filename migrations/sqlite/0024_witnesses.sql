-- Two statements of a peer's log that its key signed and that contradict each other. They stay when the peer goes.
CREATE TABLE evidence (
  evidence INTEGER PRIMARY KEY AUTOINCREMENT,
  peer     TEXT NOT NULL COLLATE NOCASE,                              -- as it was called when it was found
  origin   TEXT NOT NULL,                                             -- of the log, data or control
  kind     TEXT NOT NULL CHECK (kind IN ('forked', 'rewritten')),     -- one size with two roots; a tree that begins with another one
  said     BLOB NOT NULL CHECK (length(said) = 32),                   -- SHA-256 of the statement that is not of the log as it was verified here
  text     TEXT NOT NULL,                                             -- the file that shows it: both notes, and the proof (docs/verify.md)
  found    INTEGER NOT NULL,                                          -- microseconds
  UNIQUE (origin, said)
) STRICT;

-- The largest tree of an origin's data log that a witness cosigned, of those that agree with what was verified here.
CREATE TABLE witnessed (
  origin TEXT NOT NULL,
  key    TEXT NOT NULL,                                               -- the witness's, as the agreement names it
  size   INTEGER NOT NULL,
  time   INTEGER NOT NULL,                                            -- of its cosignature: seconds
  PRIMARY KEY (origin, key)
) STRICT, WITHOUT ROWID;

-- The newest checkpoint of an origin's data log that was cosigned here for whoever handed it in. Nothing smaller is cosigned again.
CREATE TABLE cosigned (
  origin TEXT PRIMARY KEY,
  note   TEXT NOT NULL                                                -- as it was handed in
) STRICT, WITHOUT ROWID;
