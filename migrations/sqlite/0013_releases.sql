-- Whose a credential is; '': nobody's in particular. A release takes two people, and several credentials may be of one.
ALTER TABLE credentials ADD COLUMN person TEXT NOT NULL DEFAULT '';

-- Versions that one person of their organisation wants to show to more readers, and another has to approve.
CREATE TABLE release_proposals (
  id           BLOB PRIMARY KEY CHECK (length(id) = 16),
  organisation INTEGER NOT NULL REFERENCES organisations (organisation),
  version      INTEGER NOT NULL UNIQUE,                              -- the newest of its chain when it was proposed
  proposer     INTEGER NOT NULL REFERENCES credentials (credential),
  target       TEXT NOT NULL,                                        -- tlp:LEVEL, or the marking of an audience
  class_key    TEXT NOT NULL,                                        -- that the released version has, as in `classes`
  created      INTEGER NOT NULL                                      -- microseconds since 1970
) STRICT, WITHOUT ROWID;
CREATE INDEX release_proposals_by_organisation ON release_proposals (organisation, created);
