-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The first schema. Times are microseconds since 1970 UTC. Enumerations are numbered in the
-- headers named beside them and only appended to. The JSON of a resource is kept as received;
-- columns beside it are extracted from it and can be rebuilt.

CREATE TABLE connections (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL,
  url           TEXT NOT NULL UNIQUE,
  home          INTEGER NOT NULL DEFAULT 0 CHECK (home IN (0, 1)),
  me            TEXT,                      -- the clinician's reference there: Practitioner/12
  auth          TEXT NOT NULL DEFAULT 'open',
  token_file    TEXT,                      -- headless: a file of mode 0600 that the person named
  ca_file       TEXT,
  fhir_version  TEXT,
  software      TEXT,
  enabled       INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  sandbox       INTEGER NOT NULL DEFAULT 0 CHECK (sandbox IN (0, 1)),
  status        TEXT NOT NULL DEFAULT 'new',
  status_text   TEXT,
  last_contact  INTEGER NOT NULL DEFAULT 0,
  last_attempt  INTEGER NOT NULL DEFAULT 0,
  paused_until  INTEGER NOT NULL DEFAULT 0,
  failures      INTEGER NOT NULL DEFAULT 0, -- in a row; the circuit breaker's count
  clock_skew    INTEGER NOT NULL DEFAULT 0  -- server minus here
) STRICT;
CREATE UNIQUE INDEX connections_home ON connections (home) WHERE home = 1;

CREATE TABLE capabilities (
  connection    INTEGER PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
  fetched       INTEGER NOT NULL,
  json          BLOB NOT NULL
) STRICT;

-- Patients, practitioners, roles, organisations, care teams, endpoints: who can be written about and to.
CREATE TABLE people (
  id            INTEGER PRIMARY KEY,
  connection    INTEGER REFERENCES connections (id) ON DELETE CASCADE,
  reference     TEXT NOT NULL,             -- absolute
  type          TEXT NOT NULL,
  name          TEXT NOT NULL,
  fold          TEXT NOT NULL,             -- case-folded words of name, identifiers and birth date, for search
  birth_date    TEXT,
  gender        TEXT,
  identifiers   TEXT,                      -- "label value" joined by " · ", for the banner
  tokens        TEXT,                      -- "system|value" by line, for matching
  detail        TEXT,                      -- role, organisation or address: tells namesakes apart
  organization  TEXT,                      -- absolute reference of managing organisation or employer
  endpoint      TEXT,                      -- of an Endpoint: its address; else the reference of one
  active        INTEGER NOT NULL DEFAULT 1,
  used          INTEGER NOT NULL DEFAULT 0, -- when last written to or about
  UNIQUE (reference)
) STRICT;
CREATE INDEX people_type ON people (type, name COLLATE NOCASE);
CREATE INDEX people_organization ON people (organization) WHERE organization IS NOT NULL;

CREATE TABLE resources (
  id            INTEGER PRIMARY KEY,
  connection    INTEGER REFERENCES connections (id) ON DELETE CASCADE,
  type          TEXT NOT NULL,
  fhir_id       TEXT,
  reference     TEXT NOT NULL,             -- absolute, the same for every way of writing it
  version       TEXT,
  last_updated  TEXT,
  patient       INTEGER REFERENCES people (id) ON DELETE SET NULL,
  thread        INTEGER REFERENCES threads (id) ON DELETE SET NULL,
  title         TEXT,
  happened      INTEGER NOT NULL DEFAULT 0, -- clinically relevant time, for the record's order
  received      INTEGER NOT NULL,
  deleted       INTEGER NOT NULL DEFAULT 0,
  raw           BLOB NOT NULL,
  UNIQUE (reference)
) STRICT;
CREATE INDEX resources_patient ON resources (patient, type, happened DESC) WHERE patient IS NOT NULL;
CREATE INDEX resources_thread ON resources (thread) WHERE thread IS NOT NULL;

-- What could not be read. Nothing that arrives is dropped.
CREATE TABLE quarantine (
  id            INTEGER PRIMARY KEY,
  connection    INTEGER REFERENCES connections (id) ON DELETE CASCADE,
  received      INTEGER NOT NULL,
  origin        TEXT NOT NULL,             -- the query that brought it, without its values
  reason        TEXT NOT NULL,
  digest        TEXT NOT NULL UNIQUE,      -- the same bytes are kept once
  raw           BLOB NOT NULL
) STRICT;

CREATE TABLE threads (
  id            INTEGER PRIMARY KEY,
  subject       TEXT,
  patient       INTEGER REFERENCES people (id) ON DELETE SET NULL,
  created       INTEGER NOT NULL
) STRICT;

-- What ties an arriving resource to a thread: references and identities that it has or names.
CREATE TABLE thread_keys (
  key           TEXT PRIMARY KEY,
  thread        INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX thread_keys_thread ON thread_keys (thread);

CREATE TABLE entries (
  id            INTEGER PRIMARY KEY,
  thread        INTEGER NOT NULL REFERENCES threads (id),
  connection    INTEGER REFERENCES connections (id) ON DELETE CASCADE,
  resource      INTEGER REFERENCES resources (id),
  identity      TEXT NOT NULL UNIQUE,      -- the same event arriving again is the same entry
  kind          TEXT NOT NULL,
  state         TEXT,                      -- the workflow's word
  priority      INTEGER NOT NULL DEFAULT 0, -- MwPriority
  subject       TEXT NOT NULL,
  sender        TEXT,
  sender_ref    TEXT,
  preview       TEXT,
  patient       INTEGER REFERENCES people (id) ON DELETE SET NULL,
  patient_name  TEXT,
  sent          INTEGER NOT NULL,
  received      INTEGER NOT NULL,
  changed       INTEGER NOT NULL,
  unread        INTEGER NOT NULL DEFAULT 1 CHECK (unread IN (0, 1)),
  flagged       INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
  snoozed_until INTEGER NOT NULL DEFAULT 0,
  archived      INTEGER NOT NULL DEFAULT 0, -- when; 0 while in the inbox
  acknowledged  INTEGER NOT NULL DEFAULT 0, -- when
  warning       TEXT                        -- shown loudly: two patients in one message …
) STRICT;
CREATE INDEX entries_inbox ON entries (received DESC, id DESC, kind, unread, snoozed_until) WHERE archived = 0;
CREATE INDEX entries_kind ON entries (kind, received DESC, id DESC, unread, snoozed_until) WHERE archived = 0;
CREATE INDEX entries_unread ON entries (received DESC, id DESC, kind, snoozed_until) WHERE archived = 0 AND unread = 1;
CREATE INDEX entries_thread ON entries (thread);
CREATE INDEX entries_patient ON entries (patient, received DESC) WHERE patient IS NOT NULL;
CREATE INDEX entries_resource ON entries (resource) WHERE resource IS NOT NULL;
CREATE INDEX entries_snoozed ON entries (snoozed_until) WHERE snoozed_until > 0;

-- Items: what leaves. The states are the table in mw-item-state.c.
CREATE TABLE items (
  id            INTEGER PRIMARY KEY,
  identity      TEXT NOT NULL UNIQUE,      -- a UUID, chosen when the draft is made, never changed
  thread        INTEGER NOT NULL REFERENCES threads (id),
  entry         INTEGER REFERENCES entries (id) ON DELETE SET NULL,
  kind          TEXT NOT NULL,
  action        TEXT,                      -- of the entry's workflow; NULL for something new
  state         INTEGER NOT NULL,          -- MwItemState
  revision      INTEGER NOT NULL DEFAULT 1,
  content       TEXT NOT NULL,             -- the draft, a JSON document
  subject       TEXT NOT NULL,
  recipient     TEXT,                      -- words for the list
  recipient_ref TEXT,
  patient       INTEGER REFERENCES people (id) ON DELETE SET NULL,
  patient_name  TEXT,
  connection    INTEGER REFERENCES connections (id), -- where it goes, once discovered
  priority      INTEGER NOT NULL DEFAULT 0,
  created       INTEGER NOT NULL,
  changed       INTEGER NOT NULL,
  saved         INTEGER NOT NULL DEFAULT 0,
  not_before    INTEGER NOT NULL DEFAULT 0, -- the undo window or the set time
  scheduled     INTEGER NOT NULL DEFAULT 0, -- 1 when the person set that time
  next_attempt  INTEGER NOT NULL DEFAULT 0,
  attempts      INTEGER NOT NULL DEFAULT 0, -- tries used up; offline, TLS and 401 use up none
  same_failures INTEGER NOT NULL DEFAULT 0,
  stage         TEXT,                      -- the stage that holds it: identify, discover, negotiate, authorise
  wait          TEXT,                      -- why it waits: network, pause, sign-in, order, back-off
  answer_by     INTEGER NOT NULL DEFAULT 0,
  handed_over   INTEGER NOT NULL DEFAULT 0,
  ended         INTEGER NOT NULL DEFAULT 0,
  error         TEXT,                      -- a code: see mw-item.h
  error_text    TEXT,                      -- a sentence; may name the patient
  way           TEXT,                      -- how it was sent, in words
  unread_answer INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX items_state ON items (state, next_attempt);
CREATE INDEX items_due ON items (connection, priority DESC, saved, id) WHERE state IN (1, 2, 4);
CREATE INDEX items_thread ON items (thread, id);
CREATE INDEX items_patient ON items (patient) WHERE patient IS NOT NULL;
CREATE INDEX items_answer_by ON items (answer_by) WHERE answer_by > 0;

CREATE TABLE files (
  id            INTEGER PRIMARY KEY,
  item          INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  title         TEXT NOT NULL,
  content_type  TEXT NOT NULL,
  size          INTEGER NOT NULL,
  data          BLOB NOT NULL
) STRICT;
CREATE INDEX files_item ON files (item);

CREATE TABLE requests (
  id            INTEGER PRIMARY KEY,
  item          INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  state         INTEGER NOT NULL DEFAULT 0, -- MwRequestState
  method        TEXT NOT NULL,
  url           TEXT NOT NULL,
  content_type  TEXT,
  if_none_exist TEXT,
  prefer        TEXT,
  identity      TEXT NOT NULL,
  repeatable    INTEGER NOT NULL,
  lookup        TEXT,                      -- search that finds the effect of an uncertain attempt
  edit          TEXT,                      -- a version-aware edit instead of a body
  body          BLOB,
  watch         TEXT,                      -- type of the resource whose fate is followed afterwards
  words         TEXT,                      -- what it does, for the timeline
  http_status   INTEGER NOT NULL DEFAULT 0,
  location      TEXT,                      -- absolute
  etag          TEXT,
  UNIQUE (item, position)
) STRICT;

CREATE TABLE attempts (
  id            INTEGER PRIMARY KEY,
  request       INTEGER NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
  started       INTEGER NOT NULL,
  ended         INTEGER NOT NULL DEFAULT 0,
  outcome       TEXT,                      -- NULL while under way, or when the program died on it
  http_status   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX attempts_request ON attempts (request);
CREATE INDEX attempts_open ON attempts (ended) WHERE ended = 0;

-- Append-only: the timeline. Rows are never changed or removed while their item stands.
CREATE TABLE journal (
  id            INTEGER PRIMARY KEY,
  thread        INTEGER NOT NULL REFERENCES threads (id),
  item          INTEGER REFERENCES items (id) ON DELETE CASCADE,
  entry         INTEGER REFERENCES entries (id) ON DELETE CASCADE,
  at            INTEGER NOT NULL,
  event         TEXT NOT NULL,             -- a code: see mw-journal.h
  detail        TEXT                       -- words or a value that goes with it
) STRICT;
CREATE INDEX journal_thread ON journal (thread, id);
CREATE INDEX journal_item ON journal (item, id) WHERE item IS NOT NULL;

CREATE TABLE follow_ups (
  id            INTEGER PRIMARY KEY,
  item          INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  connection    INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  reference     TEXT NOT NULL,             -- absolute: the Task or job that is watched
  etag          TEXT,
  begun         INTEGER NOT NULL,
  next_poll     INTEGER NOT NULL,
  polls         INTEGER NOT NULL DEFAULT 0,
  done          INTEGER NOT NULL DEFAULT 0,
  UNIQUE (item, reference)
) STRICT;
CREATE INDEX follow_ups_due ON follow_ups (next_poll) WHERE done = 0;

-- Until when each query of a connection is complete. Written with the entries that prove it.
CREATE TABLE watermarks (
  connection    INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  query         TEXT NOT NULL,             -- "Task?owner=Practitioner/1"
  since         TEXT,                      -- the server's time: next _lastUpdated=ge
  next_page     TEXT,                      -- where a walk that was broken off goes on
  complete      INTEGER NOT NULL DEFAULT 0, -- everything up to then (server time) is here
  swept         INTEGER NOT NULL DEFAULT 0, -- when the last whole walk ended, here
  problem       TEXT,
  PRIMARY KEY (connection, query)
) STRICT;

CREATE TABLE settings (
  key           TEXT PRIMARY KEY,
  value         TEXT NOT NULL
) STRICT;

-- Full text over entries and items. "rowid" is entry*2 or item*2+1.
CREATE VIRTUAL TABLE search USING fts5 (
  subject, party, patient, body,
  tokenize = "unicode61 remove_diacritics 2", prefix = '2 3 4'
);
