-- Other instances that this one federates with. What they may do is in files (docs/decisions/0023); here is what happened.
CREATE TABLE peers (
  peer         INTEGER PRIMARY KEY AUTOINCREMENT,
  name         TEXT NOT NULL UNIQUE COLLATE NOCASE,
  organisation INTEGER NOT NULL UNIQUE REFERENCES organisations (organisation),  -- whose credentials its pins are
  root         TEXT NOT NULL UNIQUE,                                  -- the key that signs its manifests, for good
  origin       TEXT NOT NULL UNIQUE,                                  -- of its data log
  manifest     TEXT NOT NULL,                                         -- the newest that was accepted: a signed note
  version      INTEGER NOT NULL,                                      -- of that manifest
  state        INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),        -- 0 active, 1 paused, 2 removed, 3 quarantined
  reason       TEXT NOT NULL,
  since        INTEGER NOT NULL,                                      -- microseconds
  fingerprint  TEXT NOT NULL,                                         -- words that both sides read to each other
  agreement    BLOB,                                                  -- SHA-256 of the agreement's file in force; NULL: none
  added        INTEGER NOT NULL
) STRICT;

-- Invitations made here and those accepted here, until they run out: each works once.
CREATE TABLE peer_invitations (
  id    BLOB PRIMARY KEY CHECK (length(id) = 16),
  text  BLOB NOT NULL CHECK (length(text) = 32),                      -- SHA-256 of what the inviter signed
  until INTEGER NOT NULL,
  used  INTEGER
) STRICT, WITHOUT ROWID;
