-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Where people and places are reached, from whichever directory or published list said so, and how old that is.

ALTER TABLE people ADD COLUMN fetched INTEGER NOT NULL DEFAULT 0;   -- µs when it was last read from its server
ALTER TABLE people ADD COLUMN source TEXT NOT NULL DEFAULT '';      -- the published list it comes from; '' for a server
ALTER TABLE people ADD COLUMN practitioner TEXT;                    -- of a PractitionerRole: who has it, absolute
CREATE INDEX people_practitioner ON people (practitioner) WHERE practitioner IS NOT NULL;
CREATE INDEX people_source ON people (source) WHERE source <> '';

CREATE TABLE endpoints (
  id              INTEGER PRIMARY KEY,
  connection      INTEGER REFERENCES connections (id) ON DELETE CASCADE,  -- the directory it was read from; NULL: a list
  source          TEXT NOT NULL DEFAULT '',  -- the published list; '' for a directory
  reference       TEXT NOT NULL,             -- absolute, or what the list calls it
  fhir_id         TEXT,
  name            TEXT,
  status          TEXT,
  kinds           INTEGER NOT NULL,          -- MwEndpointKind flags
  raw_address     TEXT,
  address         TEXT,                      -- the FHIR base, normalised
  message_address TEXT,
  manager         TEXT,                      -- managingOrganization as it was written
  starts          INTEGER,                   -- µs; NULL: not told
  ends            INTEGER,
  payloads        TEXT NOT NULL DEFAULT '',  -- one a line, and so are environments and guides
  takes_nothing   INTEGER NOT NULL DEFAULT 0,
  environments    TEXT NOT NULL DEFAULT '',
  guides          TEXT NOT NULL DEFAULT '',
  fhir_version    TEXT,
  rank            INTEGER NOT NULL,          -- 1 is first
  fetched         INTEGER NOT NULL,          -- µs
  probed          INTEGER NOT NULL DEFAULT 0,
  worked          INTEGER NOT NULL DEFAULT 0,
  trouble         TEXT,                      -- what stood in the way when it was last probed; NULL: nothing
  UNIQUE (source, reference)
) STRICT;
CREATE INDEX endpoints_address ON endpoints (address) WHERE address IS NOT NULL;
CREATE INDEX endpoints_connection ON endpoints (connection) WHERE connection IS NOT NULL;

-- Who is reached at which endpoint. The endpoint itself may not have been read yet.
CREATE TABLE endpoint_links (
  source          TEXT NOT NULL DEFAULT '',  -- as in endpoints
  owner           TEXT NOT NULL,             -- reference of a row of people
  endpoint        TEXT NOT NULL,             -- reference of a row of endpoints
  said_by         TEXT NOT NULL,             -- reference of the one of the two that says so
  PRIMARY KEY (source, owner, endpoint, said_by)
) STRICT, WITHOUT ROWID;
CREATE INDEX endpoint_links_said_by ON endpoint_links (source, said_by);
