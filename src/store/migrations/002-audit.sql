-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The audit: who acted, what left, when, to where, under which authority. Append-only and chained by hashes; what each
-- column means, and how a row's hash is made, stands in mw-audit.h. No column refers to another table: an item may be
-- discarded, a connection removed, and the record of it stays. Nothing here may hold patient data. No index over the
-- time: every send writes here, and a period is found by reading the rows in their order.

CREATE TABLE audit (
  id            INTEGER PRIMARY KEY,       -- 1, 2, 3 … without a gap
  at            INTEGER NOT NULL,
  actor         TEXT NOT NULL,
  agent         TEXT NOT NULL,
  event         TEXT NOT NULL,
  item          TEXT,
  entry         TEXT,
  connection    TEXT,
  authority     TEXT,
  request       TEXT,
  body_digest   TEXT,
  http_status   INTEGER,
  detail        TEXT,
  previous      TEXT NOT NULL,
  hash          TEXT NOT NULL
) STRICT;
CREATE INDEX audit_item ON audit (item, id) WHERE item IS NOT NULL;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE (ABORT, 'The audit is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE (ABORT, 'The audit is append-only');
END;
-- INSERT OR REPLACE deletes without asking the trigger above
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN NEW.id <= (SELECT max (id) FROM audit)
BEGIN
  SELECT RAISE (ABORT, 'The audit is append-only');
END;
