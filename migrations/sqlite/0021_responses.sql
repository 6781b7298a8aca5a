-- What is said of an object, found without reading objects: sightings and opinions by the id that they name. Every version
-- is here; which is shown, publications say.
CREATE TABLE responses (
  subject  TEXT NOT NULL,                                            -- TYPE--UUID, in lower case
  class    INTEGER NOT NULL,
  version  INTEGER NOT NULL,                                         -- of the sighting or the opinion
  asserter INTEGER NOT NULL,
  uuid     BLOB NOT NULL CHECK (length(uuid) = 16),                  -- of the same
  opinion  INTEGER NOT NULL,                                         -- 0: a sighting
  PRIMARY KEY (subject, class, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX responses_by_asserter ON responses (subject, asserter, version);
CREATE INDEX responses_by_version ON responses (version);

INSERT OR IGNORE INTO responses
  SELECT lower(json_extract(CAST(bytes AS TEXT), '$.sighting_of_ref')), class, version, asserter, uuid, 0 FROM versions
  WHERE type = (SELECT name FROM names WHERE text = 'sighting') AND length(bytes) > 0;
INSERT OR IGNORE INTO responses
  SELECT lower(about.value), v.class, v.version, v.asserter, v.uuid, 1
  FROM versions v, json_each(CAST(v.bytes AS TEXT), '$.object_refs') about
  WHERE v.type = (SELECT name FROM names WHERE text = 'opinion') AND length(v.bytes) > 0 AND about.key < 64;
