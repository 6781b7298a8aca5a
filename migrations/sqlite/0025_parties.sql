-- With which organisation a peer is one party: who says the same at both says it once. 0: with none.
ALTER TABLE organisations ADD COLUMN party INTEGER NOT NULL DEFAULT 0;
