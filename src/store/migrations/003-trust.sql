-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- What must hold before an item leaves: how Meanwhile gets into a server, what that server speaks, and who the
-- patient is there. Secrets themselves are never in this file.

ALTER TABLE connections ADD COLUMN client_id TEXT;
ALTER TABLE connections ADD COLUMN scope TEXT;               -- what is asked for, as the server spells it
ALTER TABLE connections ADD COLUMN granted TEXT;             -- what was granted; NULL while the server has not said
ALTER TABLE connections ADD COLUMN secret_file TEXT;         -- headless: files of mode 0600 that the person named
ALTER TABLE connections ADD COLUMN key_file TEXT;
ALTER TABLE connections ADD COLUMN token_endpoint TEXT;      -- as agreed when it was connected: secrets go there only
ALTER TABLE connections ADD COLUMN token_auth TEXT;          -- client_secret_basic or client_secret_post
ALTER TABLE connections ADD COLUMN revocation_endpoint TEXT;

ALTER TABLE capabilities ADD COLUMN versions TEXT;           -- what $versions lists, one a line; empty for nothing
ALTER TABLE capabilities ADD COLUMN learned TEXT;            -- what was refused in spite of the statement, one a line

-- What only a person can decide. The answer is kept: it is what the item then goes by.
CREATE TABLE questions (
  id            INTEGER PRIMARY KEY,
  item          INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  stage         TEXT NOT NULL,             -- identify or discover
  about         TEXT NOT NULL,             -- see mw-question.h
  connection    INTEGER REFERENCES connections (id) ON DELETE CASCADE,
  text          TEXT NOT NULL,
  choices       TEXT NOT NULL,             -- JSON: see mw-question.h
  asked         INTEGER NOT NULL,
  answer        TEXT,                      -- the value of a choice
  answered      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX questions_item ON questions (item, id);

-- The same patient on two servers. Revoked ones stay, for the record.
CREATE TABLE patient_links (
  id            INTEGER PRIMARY KEY,
  patient       TEXT NOT NULL,             -- absolute, on the home connection
  connection    INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  reference     TEXT NOT NULL,             -- absolute, there
  how           TEXT NOT NULL,             -- certain, identifier, person, member-match
  made          INTEGER NOT NULL,
  revoked       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX patient_links_valid ON patient_links (patient, connection) WHERE revoked = 0;
