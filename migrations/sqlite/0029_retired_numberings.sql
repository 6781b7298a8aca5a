-- A restored instance does not know how far its numberings had come: those are retired, and others have their places.
CREATE TABLE numberings_now (
  numbering  INTEGER PRIMARY KEY,
  class      INTEGER NOT NULL,
  collection INTEGER NOT NULL,
  token      BLOB NOT NULL UNIQUE CHECK (length(token) = 16),        -- names it in headers
  count      INTEGER NOT NULL,                                       -- its entries; their numbers are 1 to this
  last       INTEGER NOT NULL,                                       -- leaf index of the last one
  rolling    BLOB NOT NULL CHECK (length(rolling) = 32),             -- hash over their leaves
  headed     INTEGER NOT NULL CHECK (headed <= count),               -- what its newest head says that `count` is
  retired    INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))    -- it gets no more entries, and no head
) STRICT;
INSERT INTO numberings_now SELECT numbering, class, collection, token, count, last, rolling, headed, 0 FROM numberings;
DROP TABLE numberings;
ALTER TABLE numberings_now RENAME TO numberings;
CREATE UNIQUE INDEX numberings_by_place ON numberings (class, collection) WHERE retired = 0;

-- The size that the data log of an origin had when it last declared a loss: numberings from before get no more heads.
ALTER TABLE origins ADD COLUMN lost_before INTEGER NOT NULL DEFAULT 0;
