-- Campaigns, and what tells that an indicator indicates one, found without reading objects. Both hold every version; only
-- one that is revoked tells of nothing. Which is shown, publications say.
CREATE TABLE campaigns (
  class    INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  asserter INTEGER NOT NULL,
  uuid     BLOB NOT NULL CHECK (length(uuid) = 16),
  PRIMARY KEY (class, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaigns_by_asserter ON campaigns (asserter, version);
CREATE INDEX campaigns_by_version ON campaigns (version);

CREATE TABLE campaign_links (
  campaign  BLOB NOT NULL CHECK (length(campaign) = 16),
  class     INTEGER NOT NULL,
  version   INTEGER NOT NULL,                                        -- of the indicator, or of a relationship
  asserter  INTEGER NOT NULL,
  uuid      BLOB NOT NULL CHECK (length(uuid) = 16),                 -- of the same
  indicator BLOB CHECK (length(indicator) = 16),                     -- that a relationship leads from
  PRIMARY KEY (campaign, class, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_links_by_asserter ON campaign_links (campaign, asserter, version);
CREATE INDEX campaign_links_by_version ON campaign_links (version);

INSERT INTO campaigns
  SELECT class, version, asserter, uuid FROM versions
  WHERE type = (SELECT name FROM names WHERE text = 'campaign') AND length(bytes) > 0;
