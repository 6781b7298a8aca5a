-- Who reads a log of another instance through this one: its origin is told of them until they have applied what it recalls.
CREATE TABLE dependents (
  origin  INTEGER NOT NULL,                                          -- whose log
  log     TEXT NOT NULL,                                             -- the origin of the reader's own data log
  applied INTEGER NOT NULL,                                          -- entries of the control log, as its receipt says; 0: none yet
  said    TEXT NOT NULL,                                             -- what it says of those behind it (schema/log/dependents.hpp); '': nothing
  PRIMARY KEY (origin, log)
) STRICT, WITHOUT ROWID;

-- What each peer said last of those who read the log of this instance through it.
CREATE TABLE said_of_dependents (
  organisation INTEGER PRIMARY KEY,                                  -- the peer's
  note         TEXT NOT NULL,                                        -- schema/log/dependents.hpp
  received     INTEGER NOT NULL                                      -- microseconds
) STRICT;
