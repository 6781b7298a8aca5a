-- A credential that is a client certificate instead of a token, and keys that are let in no more.

-- '' for a token. Else what the certificate must carry: pin:<SHA-256 of its public key info, hexadecimal>, URI:… or DNS:….
-- Its secret_digest is 32 zero bytes, which no secret has.
ALTER TABLE credentials ADD COLUMN certificate TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX credentials_by_certificate ON credentials (certificate) WHERE certificate <> '' AND revoked IS NULL;

-- Certificates with these keys are refused whatever else they carry.
CREATE TABLE denied_pins (
  pin    BLOB PRIMARY KEY CHECK (length(pin) = 32),
  denied INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
