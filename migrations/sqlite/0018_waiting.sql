-- Moderation: whose submissions wait in a collection until an analyst of the instance publishes them.
ALTER TABLE collections ADD COLUMN moderation TEXT NOT NULL DEFAULT 'off'
  CHECK (moderation IN ('off', 'new', 'chosen', 'all'));
ALTER TABLE organisations ADD COLUMN standing TEXT NOT NULL DEFAULT ''
  CHECK (standing IN ('', 'moderated', 'trusted'));

-- What is published or refused together: the objects of one item, or one object. No other table knows of it before it is
-- published. Times are microseconds since 1970.
CREATE TABLE waiting (
  waiting      INTEGER PRIMARY KEY AUTOINCREMENT,                    -- in order of arrival
  id           BLOB NOT NULL UNIQUE CHECK (length(id) = 16),         -- random; names it to analysts
  organisation INTEGER NOT NULL REFERENCES organisations (organisation),
  collection   INTEGER NOT NULL REFERENCES collections (collection),
  type         TEXT NOT NULL,                                        -- of the first object, as the next five
  uuid         BLOB NOT NULL,
  modified     INTEGER NOT NULL,                                     -- nanoseconds
  version      TEXT NOT NULL,                                        -- as TAXII has it; '': the object has none
  kind         TEXT NOT NULL,
  class_key    TEXT NOT NULL,
  claim_kind   TEXT NOT NULL DEFAULT '',                             -- under which what is said of a value is found
  claim_value  BLOB,
  received     INTEGER NOT NULL,
  objects      INTEGER NOT NULL,
  state        INTEGER NOT NULL DEFAULT 0,                           -- 0 waiting, 1 published, 2 refused, 3 withdrawn
  ended        INTEGER,
  because      TEXT NOT NULL DEFAULT '',                             -- why it was refused
  published    INTEGER                                               -- versions: the first object's
) STRICT;
CREATE INDEX waiting_by_organisation ON waiting (organisation, state, waiting);
CREATE INDEX waiting_by_state ON waiting (state, waiting);
CREATE INDEX waiting_by_uuid ON waiting (uuid, organisation);
CREATE INDEX waiting_by_claim ON waiting (organisation, claim_kind, claim_value) WHERE state = 0 AND claim_value IS NOT NULL;

-- The objects of what waits, in the order in which they are to be stored; none of what has ended.
CREATE TABLE waiting_objects (
  waiting  INTEGER NOT NULL REFERENCES waiting (waiting),
  position INTEGER NOT NULL,
  type     TEXT NOT NULL,
  uuid     BLOB NOT NULL,
  digest   BLOB NOT NULL,                                            -- SHA-256 of bytes
  facts    TEXT NOT NULL,                                            -- JSON: what the door found out
  bytes    BLOB NOT NULL,                                            -- RFC 8785
  PRIMARY KEY (waiting, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_objects_by_id ON waiting_objects (uuid, type);
