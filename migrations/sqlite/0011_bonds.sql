-- What the short form stored with an indicator and `claims` does not lead to: observables and relationships that others took
-- the place of, and relationships to further objects. Found by either end, when the indicator is retracted.
CREATE TABLE bonds (
  asserter INTEGER NOT NULL,
  uuid     BLOB NOT NULL CHECK (length(uuid) = 16),                  -- of the indicator, or of another end of a relationship
  version  INTEGER NOT NULL,                                         -- of the relationship, or of the observable
  PRIMARY KEY (asserter, uuid, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX bonds_by_version ON bonds (version);
