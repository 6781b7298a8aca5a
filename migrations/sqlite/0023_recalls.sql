-- Recalls that were made here; each is an entry of the control log.
CREATE TABLE recalls (
  position INTEGER PRIMARY KEY,                                      -- of the entry
  asserter INTEGER NOT NULL,                                         -- who asserted the object
  type     INTEGER NOT NULL,                                         -- names; of the object
  uuid     BLOB NOT NULL CHECK (length(uuid) = 16),                  -- likewise; zeros once the object was erased
  action   INTEGER NOT NULL CHECK (action BETWEEN 0 AND 2),          -- suppress, withdraw, restore
  reason   INTEGER NOT NULL,
  leaves   INTEGER NOT NULL CHECK (leaves > 0),                      -- how many entries of the data log it is about
  made     INTEGER NOT NULL,                                         -- microseconds
  deadline INTEGER NOT NULL                                          -- microseconds
) STRICT;
CREATE INDEX recalls_by_object ON recalls (asserter, type, uuid, position);

-- What peers signed that they applied of the control log: of each the newest, and those that were the first to cover a recall.
CREATE TABLE receipts (
  organisation INTEGER NOT NULL,                                     -- the peer's
  size         INTEGER NOT NULL,                                     -- entries below it were applied
  note         TEXT NOT NULL,                                        -- the checkpoint of that size with both signatures
  received     INTEGER NOT NULL,                                     -- microseconds
  PRIMARY KEY (organisation, size)
) STRICT, WITHOUT ROWID;

-- Where versions that are recalled were published, or would have been when they came: a restore publishes them there.
CREATE TABLE recalled_publications (
  version    INTEGER NOT NULL,
  collection INTEGER NOT NULL,
  PRIMARY KEY (version, collection)
) STRICT, WITHOUT ROWID;

-- What the control logs of other instances say of entries of their data logs, whether or not these came here yet.
CREATE TABLE origin_recalls (
  origin   INTEGER NOT NULL,
  position INTEGER NOT NULL,                                         -- in its data log
  state    INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),           -- restored, suppressed, withdrawn, erased
  said     INTEGER NOT NULL,                                         -- when, in seconds, as the origin says
  PRIMARY KEY (origin, position)
) STRICT, WITHOUT ROWID;

-- Entries of their control logs that were applied.
CREATE TABLE origin_control (
  origin   INTEGER NOT NULL,
  position INTEGER NOT NULL,
  op       TEXT NOT NULL,
  void     TEXT,                                                     -- why nothing was done, or not all of it
  applied  INTEGER NOT NULL,                                         -- microseconds
  PRIMARY KEY (origin, position)
) STRICT, WITHOUT ROWID;
