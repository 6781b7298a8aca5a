-- How many objects a recall ended, an object once in each collection where it stood: too many within an hour are told.
ALTER TABLE recalls ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
CREATE INDEX recalls_by_time ON recalls (made) WHERE ended > 0;
ALTER TABLE origin_control ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
CREATE INDEX origin_control_by_time ON origin_control (applied) WHERE ended > 0;
