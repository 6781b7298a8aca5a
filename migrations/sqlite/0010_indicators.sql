-- Indicators with our extension, and how they are found: filled from what is stored (server/store/sqlite/migrate.cpp).
-- What is known of each version, whether it is shown or not.
CREATE TABLE indicators (
  version     INTEGER PRIMARY KEY,
  class       INTEGER NOT NULL,
  asserter    INTEGER NOT NULL,
  creator     INTEGER,                                               -- names; created_by_ref
  confidence  INTEGER,
  valid_from  INTEGER NOT NULL,
  valid_until INTEGER,
  revoked     INTEGER NOT NULL,                                      -- 1: it says that it holds no more
  relayed     INTEGER NOT NULL,                                      -- 1: it rests on what partners said, and on nothing else
  keys        BLOB NOT NULL,                                         -- of its values; a list, as that of facets is
  facets      BLOB NOT NULL                                          -- of its labels, campaigns and words
) STRICT;

-- The publications that are the newest of their chain in their collection, by key: a row for each key under no facet
-- and under each, once for who sees the class and once for the asserter.
CREATE TABLE indicator_index (
  collection  INTEGER NOT NULL,
  corner      INTEGER NOT NULL,                                      -- a class; or an asserter, times -1
  facet       BLOB NOT NULL,
  key         BLOB NOT NULL,
  sequence    INTEGER NOT NULL,                                      -- of the publication
  since       INTEGER NOT NULL,                                      -- of the one from which on the chain has this key here
  class       INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  asserter    INTEGER NOT NULL,
  creator     INTEGER,
  confidence  INTEGER,
  valid_from  INTEGER NOT NULL,
  valid_until INTEGER,
  revoked     INTEGER NOT NULL,
  relayed     INTEGER NOT NULL,
  several     INTEGER NOT NULL,                                      -- 1: the version has further keys
  PRIMARY KEY (collection, corner, facet, key, sequence)
) STRICT, WITHOUT ROWID;
