-- Answers to requests that came with an Idempotency-Key, for a day. Organisation 0 is the operator's. What is erased is
-- taken out of the answers that name it, and their requests become nobody's.
CREATE TABLE kept_answers (
  kept_answer  INTEGER PRIMARY KEY,
  organisation INTEGER NOT NULL,
  key          BLOB NOT NULL CHECK (length(key) = 32),                -- keyed digest of the key
  request      BLOB NOT NULL CHECK (length(request) = 32),            -- keyed digest of who asked for what
  kept         INTEGER NOT NULL,                                      -- microseconds
  bytes        INTEGER NOT NULL,                                      -- length of the answer
  answer       TEXT NOT NULL,
  UNIQUE (organisation, key)
) STRICT;
CREATE INDEX kept_answers_by_age ON kept_answers (kept);
CREATE INDEX kept_answers_newest ON kept_answers (organisation, kept, bytes);
