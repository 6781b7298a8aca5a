-- What indicators are held against before they are taken: networks, autonomous systems and domain names that innocent users have.
CREATE TABLE allow_lists (
  allow_list INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  kind       INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),           -- 0 ranges, 1 domains, 2 mail
  changed    INTEGER NOT NULL
) STRICT;
CREATE TABLE allow_entries (
  allow_list INTEGER NOT NULL REFERENCES allow_lists (allow_list),
  text       TEXT NOT NULL,                                           -- canonical: 203.0.113.0/24, AS64500, mail.example
  PRIMARY KEY (allow_list, text)
) STRICT, WITHOUT ROWID;
