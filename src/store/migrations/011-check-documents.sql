-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Where only a document that came along is about another patient, the answer that brought it stays with its own.

ALTER TABLE patient_checks ADD COLUMN document INTEGER NOT NULL DEFAULT 0;                     -- boolean
ALTER TABLE patient_checks ADD COLUMN own INTEGER REFERENCES people (id) ON DELETE SET NULL;   -- of a document's check: whom the answer itself is about
