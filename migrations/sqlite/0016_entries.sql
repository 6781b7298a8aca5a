-- The 33 bytes that a leaf of the logs 0 and 1 is the hash of: what is published of it, and stays when the rest is erased. NULL in log 2, and
-- of what was erased before this column was there. What is stored already is filled in beside this.
ALTER TABLE leaves ADD COLUMN entry BLOB CHECK (entry IS NULL OR length(entry) = 33);
