-- Two more kinds of lists: names of organisations that texts are warned of, and prompts of honest users, kept as fingerprints without their texts.
ALTER TABLE allow_entries RENAME TO allow_entries_before;
ALTER TABLE allow_lists RENAME TO allow_lists_before;
CREATE TABLE allow_lists (
  allow_list INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  kind       INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),           -- 0 ranges, 1 domains, 2 mail, 3 organisations, 4 prompts
  changed    INTEGER NOT NULL
) STRICT;
CREATE TABLE allow_entries (
  allow_list INTEGER NOT NULL REFERENCES allow_lists (allow_list),
  text       TEXT NOT NULL,                                           -- canonical: 203.0.113.0/24, AS64500, mail.example, aurora research, or digits of fingerprints
  PRIMARY KEY (allow_list, text)
) STRICT, WITHOUT ROWID;
INSERT INTO allow_lists SELECT allow_list, name, kind, changed FROM allow_lists_before;
INSERT INTO allow_entries SELECT allow_list, text FROM allow_entries_before;
DROP TABLE allow_entries_before;
DROP TABLE allow_lists_before;
