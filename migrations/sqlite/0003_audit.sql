-- The audit trail: what was changed and what was read, and by whom, as a log of its own. Times are microseconds since
-- 1970 (UTC).

ALTER TABLE counters ADD COLUMN audit_size INTEGER NOT NULL DEFAULT 0;  -- leaves of the audit log

-- One row a leaf of log 2 of `leaves`, which commits to the entry and its salt.
CREATE TABLE audit (
  position INTEGER PRIMARY KEY,                                     -- of the leaf
  at       INTEGER NOT NULL,                                        -- as in the entry; to search by
  entry    TEXT NOT NULL,                                           -- RFC 8785
  salt     BLOB NOT NULL CHECK (length(salt) = 32)
) STRICT;
