-- The shape that everything else stands on. Times are microseconds since 1970 (UTC) unless a column says otherwise.
-- Bytes are written once and never parsed or serialised again.

-- One row: what the next commit continues from.
CREATE TABLE counters (
  only_row        INTEGER PRIMARY KEY CHECK (only_row = 1),
  next_sequence   INTEGER NOT NULL,   -- of publications
  last_date_added INTEGER NOT NULL,   -- strictly increasing over the instance
  data_size       INTEGER NOT NULL,   -- leaves of the data log
  control_size    INTEGER NOT NULL,   -- leaves of the control log
  indexed_through INTEGER NOT NULL    -- versions up to this one are in `chains`; of later ones some may be missing there
) STRICT;
INSERT INTO counters VALUES (1, 1, 0, 0, 0, 0);

CREATE TABLE organisations (
  organisation INTEGER PRIMARY KEY AUTOINCREMENT,
  name         TEXT NOT NULL UNIQUE COLLATE NOCASE,
  type         TEXT NOT NULL CHECK (type IN ('lab', 'cloud', 'government', 'other')),
  clearance    INTEGER NOT NULL CHECK (clearance BETWEEN 0 AND 4),  -- CLEAR, GREEN, AMBER, AMBER+STRICT, RED
  identity     TEXT NOT NULL UNIQUE,                                -- identity--UUID, lower case
  authority    TEXT NOT NULL DEFAULT '',                            -- of a government organisation
  disabled     INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  created      INTEGER NOT NULL
) STRICT;

CREATE TABLE credentials (
  credential    INTEGER PRIMARY KEY AUTOINCREMENT,
  token_id      TEXT NOT NULL UNIQUE,
  secret_digest BLOB NOT NULL CHECK (length(secret_digest) = 32),   -- SHA-256 of the secret
  organisation  INTEGER NOT NULL REFERENCES organisations (organisation),
  roles         INTEGER NOT NULL,                                   -- bit set
  label         TEXT NOT NULL,
  expires       INTEGER,
  networks      TEXT NOT NULL DEFAULT '',                           -- CIDRs, one a line; empty: anywhere
  collections   TEXT NOT NULL DEFAULT '',                           -- collection ids, one a line; empty: all
  kinds         TEXT NOT NULL DEFAULT '',                           -- kinds or STIX types, one a line; empty: all
  max_tlp       INTEGER,                                            -- highest level it may carry
  dialect       INTEGER NOT NULL CHECK (dialect IN (0, 1)),         -- ids of TLP levels it is sent: 0 TLP 2.0, 1 TLP 1
  created       INTEGER NOT NULL,
  revoked       INTEGER
) STRICT;

CREATE TABLE collections (
  collection    INTEGER PRIMARY KEY AUTOINCREMENT,
  id            TEXT NOT NULL UNIQUE,                               -- UUID, lower case
  alias         TEXT NOT NULL UNIQUE,
  title         TEXT NOT NULL UNIQUE,
  description   TEXT NOT NULL,
  default_level INTEGER NOT NULL CHECK (default_level BETWEEN 0 AND 4),
  created       INTEGER NOT NULL
) STRICT;

-- Names that repeat: STIX types, kinds, and identities that objects name as their creator.
CREATE TABLE names (
  name INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- Visibility classes. Who asserted an object is not part of its class.
CREATE TABLE classes (
  class         INTEGER PRIMARY KEY,
  key           BLOB NOT NULL UNIQUE,                               -- canonical form, made and read by access
  token         BLOB NOT NULL CHECK (length(token) = 16),           -- names the class in log headers
  next_sequence INTEGER NOT NULL                                    -- class_seq of its next log entry
) STRICT;

-- An accepted version of a chain (asserter, id). Unique by (asserter, id, modified as an instant).
CREATE TABLE versions (
  version        INTEGER PRIMARY KEY,                               -- in order of commit
  asserter       INTEGER NOT NULL,
  type           INTEGER NOT NULL,                                  -- names
  uuid           BLOB NOT NULL,
  modified       INTEGER NOT NULL,                                  -- nanoseconds since 1970; see `unversioned`
  created        INTEGER,                                           -- nanoseconds since 1970
  unversioned    INTEGER NOT NULL,                                  -- 1: the object has no `modified`, which is then 0
  class          INTEGER NOT NULL,
  kind           INTEGER NOT NULL,                                  -- names; the kind, or the type again
  revoked        INTEGER NOT NULL,
  creator        INTEGER,                                           -- names; created_by_ref
  value_key      BLOB,                                              -- UUIDv5 of an SCO's value
  origin         INTEGER NOT NULL,                                  -- 0: this instance
  origin_index   INTEGER,                                           -- its leaf; NULL: never logged (RED)
  class_sequence INTEGER,
  digest         BLOB NOT NULL,                                     -- SHA-256 of bytes
  header         BLOB,                                              -- log header as committed
  header_salt    BLOB,
  body_salt      BLOB,
  bytes          BLOB NOT NULL                                      -- RFC 8785
) STRICT;

-- The versions of each chain. Lags behind `versions`: the newest entries are in memory (server/store/sqlite/chain_index.hpp).
CREATE TABLE chains (
  uuid     BLOB NOT NULL,
  type     INTEGER NOT NULL,
  asserter INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  class    INTEGER NOT NULL,                                        -- of the version, which is that of the whole chain
  PRIMARY KEY (uuid, type, asserter, modified)
) STRICT, WITHOUT ROWID;

-- Where and since when a version is visible. Hiding ends a publication; showing again is a new one with a new sequence.
CREATE TABLE publications (
  collection INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,                                      -- one counter for the instance
  version    INTEGER NOT NULL,
  class      INTEGER NOT NULL,
  asserter   INTEGER NOT NULL,
  type       INTEGER NOT NULL,
  kind       INTEGER NOT NULL,
  date_added INTEGER NOT NULL,
  place      INTEGER NOT NULL,                                      -- bits: 1 first of its chain here, 2 newest, 4 ended
  PRIMARY KEY (collection, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX publications_by_class ON publications (collection, class, sequence);
CREATE INDEX publications_by_asserter ON publications (collection, asserter, sequence);
CREATE INDEX publications_by_date ON publications (collection, date_added);
CREATE INDEX publications_by_version ON publications (version);

-- How many publications stand in each corner: what a query plans with, and what an organisation's own objects add to its view.
CREATE TABLE publication_counts (
  collection INTEGER NOT NULL,
  class      INTEGER NOT NULL,
  asserter   INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (collection, class, asserter)
) STRICT, WITHOUT ROWID;

-- Statement markings (they restrict nothing), by whom they were defined.
CREATE TABLE statement_markings (
  asserter INTEGER NOT NULL,
  uuid     BLOB NOT NULL,
  PRIMARY KEY (asserter, uuid)
) STRICT, WITHOUT ROWID;

-- Leaf hashes of this instance's logs. log 0: data, 1: control.
CREATE TABLE leaves (
  log      INTEGER NOT NULL,
  position INTEGER NOT NULL,
  leaf     BLOB NOT NULL CHECK (length(leaf) = 32),
  PRIMARY KEY (log, position)
) STRICT, WITHOUT ROWID;

-- The fate of submissions, for the TAXII status resource.
CREATE TABLE submissions (
  submission   INTEGER PRIMARY KEY,
  id           BLOB NOT NULL UNIQUE,
  organisation INTEGER NOT NULL,
  collection   INTEGER NOT NULL,
  requested    INTEGER NOT NULL,
  accepted     BLOB NOT NULL,                                       -- rows of versions, 8 bytes each, little endian
  notes        TEXT NOT NULL,                                       -- JSON: warnings by row of `accepted`
  refused      TEXT NOT NULL                                        -- JSON array of {id, version, message}
) STRICT;
