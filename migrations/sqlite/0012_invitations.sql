-- Until when (microseconds) a credential is an invitation: until then it can be exchanged for a token, once, and opens nothing else.
ALTER TABLE credentials ADD COLUMN invitation INTEGER;
