-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- An answer about another patient than its request: shown with both side by side, kept out of either record, and not
-- taken as an answer, until a person has decided.

CREATE TABLE patient_checks (
  id            INTEGER PRIMARY KEY,
  thread        INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  entry         INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,     -- where it is shown
  resource      INTEGER NOT NULL REFERENCES resources (id) ON DELETE CASCADE,   -- what arrived
  expected      INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,      -- whom the request is about
  found         TEXT NOT NULL,             -- whom it says it is about: a reference, or else what identifies them
  patient       INTEGER REFERENCES people (id) ON DELETE SET NULL,              -- that one, where known here
  who           TEXT NOT NULL,             -- that one, with birth date
  text          TEXT NOT NULL,             -- the warning
  lines         TEXT NOT NULL,             -- JSON: what is known of both, as in questions
  raised        INTEGER NOT NULL,
  decision      TEXT,                      -- belongs or does-not-belong
  decided       INTEGER NOT NULL DEFAULT 0,
  UNIQUE (resource, found)
) STRICT;
CREATE INDEX patient_checks_thread ON patient_checks (thread);
CREATE INDEX patient_checks_entry ON patient_checks (entry);

-- The check that keeps a resource out of the records.
ALTER TABLE resources ADD COLUMN held INTEGER REFERENCES patient_checks (id) ON DELETE SET NULL;
CREATE INDEX resources_held ON resources (held) WHERE held IS NOT NULL;
CREATE INDEX patient_links_reference ON patient_links (reference) WHERE revoked = 0;
