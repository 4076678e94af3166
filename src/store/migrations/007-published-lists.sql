-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The lists of endpoints that vendors publish, as far as a person has imported them. Their organisations are rows of
-- people and their endpoints rows of endpoints, both with the token of the import that brought them as their source.

CREATE TABLE published_lists (
  id            INTEGER PRIMARY KEY,
  source        TEXT NOT NULL UNIQUE,      -- the address or the URI of the file
  token         TEXT NOT NULL UNIQUE,      -- of the import that it has now: the source of its rows
  name          TEXT NOT NULL,             -- for a person: the host and the file
  fetched       INTEGER NOT NULL,          -- µs when it was read, or found unchanged
  published     TEXT,                      -- when the publisher says that it was made
  etag          TEXT,
  organizations INTEGER NOT NULL,
  endpoints     INTEGER NOT NULL,
  report        TEXT NOT NULL              -- what was read and what could not be, in words
) STRICT;

-- Imports under way, whose rows nobody sees yet, and those whose rows nobody sees any more.
CREATE TABLE published_imports (
  token         TEXT PRIMARY KEY,
  begun         INTEGER NOT NULL           -- µs; 0: its rows can be deleted
) STRICT;
