-- When what is stored of an indicator has to be destroyed: filled from what is stored (server/store/sqlite/retention.cpp).
CREATE TABLE retention (
  rule    INTEGER NOT NULL,                                          -- 0: shared until then; else names: the kind, which holds no more since then
  at      INTEGER NOT NULL,
  version INTEGER NOT NULL,                                          -- of what waits for an analyst, the negative of where
  PRIMARY KEY (rule, at, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX retention_by_version ON retention (version);

-- By what an erasure asks these tables.
CREATE INDEX claims_by_observable ON claims (observable) WHERE observable IS NOT NULL;
CREATE INDEX claims_by_relationship ON claims (relationship) WHERE relationship IS NOT NULL;
CREATE INDEX mutes_by_subject ON mutes (subject);
