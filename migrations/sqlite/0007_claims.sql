-- Who claims what in the native form: a value that is submitted again becomes a new version of the same indicator. Nobody
-- but its asserter is answered from it.
CREATE TABLE claims (
  asserter     INTEGER NOT NULL,
  kind         INTEGER NOT NULL,                                    -- names
  value        BLOB NOT NULL CHECK (length(value) = 32),            -- SHA-256 of the pattern
  uuid         BLOB NOT NULL CHECK (length(uuid) = 16),             -- of the indicator
  indicator    INTEGER NOT NULL,                                    -- its newest version
  observable   INTEGER,                                             -- versions; what it is based on
  relationship INTEGER,                                             -- versions; from the one to the other
  PRIMARY KEY (asserter, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_by_indicator ON claims (indicator);
