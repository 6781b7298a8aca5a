-- Audiences: what marking-definitions of this instance stand for. The definition tells nobody more than a random group id;
-- who belongs stands here.
CREATE TABLE audiences (
  audience      INTEGER PRIMARY KEY AUTOINCREMENT,
  marking       BLOB NOT NULL UNIQUE CHECK (length(marking) = 16),   -- UUID of the marking-definition
  group_id      BLOB NOT NULL UNIQUE CHECK (length(group_id) = 16),  -- UUID in it
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  releasable_to TEXT NOT NULL,                                       -- authority codes, one a line; empty: a group of members
  epoch         INTEGER NOT NULL CHECK (epoch >= 1),                 -- of the membership now
  definition    BLOB NOT NULL,                                       -- RFC 8785
  created       INTEGER NOT NULL
) STRICT;

-- Who belonged from an epoch on (`since`), until before another; NULL: belongs now. Never changed but for `until`, once.
CREATE TABLE audience_members (
  audience     INTEGER NOT NULL REFERENCES audiences (audience),
  organisation INTEGER NOT NULL REFERENCES organisations (organisation),
  since        INTEGER NOT NULL,
  until        INTEGER CHECK (until > since),
  PRIMARY KEY (audience, organisation, since)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audience_members_now ON audience_members (audience, organisation) WHERE until IS NULL;

-- Additions that wait for a second administrator.
CREATE TABLE audience_proposals (
  id           BLOB PRIMARY KEY CHECK (length(id) = 16),
  audience     INTEGER NOT NULL REFERENCES audiences (audience),
  organisation INTEGER NOT NULL REFERENCES organisations (organisation),
  proposer     INTEGER NOT NULL,                                     -- credential; 0: the operator on the admin socket
  created      INTEGER NOT NULL,
  UNIQUE (audience, organisation)
) STRICT, WITHOUT ROWID;
