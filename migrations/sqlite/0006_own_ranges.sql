-- What organisations registered as their own: address ranges and autonomous systems, by whose objects they want to be alerted.
CREATE TABLE own_ranges (
  organisation INTEGER NOT NULL REFERENCES organisations (organisation),
  text         TEXT NOT NULL,                                        -- canonical: 203.0.113.0/24, 2001:db8::/32, AS64500
  credential   TEXT NOT NULL,                                        -- id of the credential that added it
  added        INTEGER NOT NULL,
  PRIMARY KEY (organisation, text)
) STRICT, WITHOUT ROWID;
