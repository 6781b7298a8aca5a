-- What organisations muted for themselves: an indicator, or a value. Nobody else is told.
CREATE TABLE mutes (
  organisation INTEGER NOT NULL REFERENCES organisations (organisation),
  subject      BLOB NOT NULL,                                        -- indicator--UUID, or the key that a search finds the value by
  until        INTEGER,                                              -- microseconds; NULL: for good
  kind         TEXT NOT NULL,                                        -- of the value; '' of an indicator
  value        TEXT NOT NULL,                                        -- as it was given, or the indicator's id
  because      TEXT NOT NULL,
  credential   TEXT NOT NULL,                                        -- id of that which muted it
  added        INTEGER NOT NULL,
  PRIMARY KEY (organisation, subject)
) STRICT, WITHOUT ROWID;
