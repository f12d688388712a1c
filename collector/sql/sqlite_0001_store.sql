-- The store of one office. Every table is append-only: triggers refuse UPDATE and DELETE.
-- No address, no user agent, no name and no exact time is kept: only the day and the hour of the day.

-- Whose store this is; a rehearsal store can never become a real one.
CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  office TEXT NOT NULL CHECK (length(office) BETWEEN 1 AND 40),
  kind TEXT NOT NULL CHECK (kind IN ('real', 'rehearsal'))
) STRICT;

-- A file of paper answers, taken in whole; its digest keeps it from being taken in twice.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  office TEXT NOT NULL CHECK (length(office) BETWEEN 1 AND 40),
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  file TEXT NOT NULL,
  sheets INTEGER NOT NULL CHECK (sheets > 0),
  imported_on TEXT NOT NULL CHECK (imported_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]')
) STRICT;

-- One answered form. a01.. stand in the order of the questions of the pack named in `form`, p01.. in that of its
-- profile fields; NULL is a blank. `hour` is NULL for paper. flags: 1 too fast, 2 honeypot filled.
CREATE TABLE response (
  seq INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
  nonce BLOB NOT NULL CHECK (length(nonce) = 32),
  office TEXT NOT NULL CHECK (length(office) BETWEEN 1 AND 40),
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  hour INTEGER CHECK (hour BETWEEN 0 AND 23),
  layanan TEXT NOT NULL CHECK (length(layanan) BETWEEN 1 AND 40),
  channel INTEGER NOT NULL CHECK (channel BETWEEN 1 AND 5),
  form TEXT NOT NULL CHECK (length(form) BETWEEN 1 AND 60),
  flags INTEGER NOT NULL CHECK (flags BETWEEN 0 AND 255),
  batch INTEGER REFERENCES batch (id),
  a01 INTEGER CHECK (a01 BETWEEN 0 AND 10),
  a02 INTEGER CHECK (a02 BETWEEN 0 AND 10),
  a03 INTEGER CHECK (a03 BETWEEN 0 AND 10),
  a04 INTEGER CHECK (a04 BETWEEN 0 AND 10),
  a05 INTEGER CHECK (a05 BETWEEN 0 AND 10),
  a06 INTEGER CHECK (a06 BETWEEN 0 AND 10),
  a07 INTEGER CHECK (a07 BETWEEN 0 AND 10),
  a08 INTEGER CHECK (a08 BETWEEN 0 AND 10),
  a09 INTEGER CHECK (a09 BETWEEN 0 AND 10),
  a10 INTEGER CHECK (a10 BETWEEN 0 AND 10),
  a11 INTEGER CHECK (a11 BETWEEN 0 AND 10),
  a12 INTEGER CHECK (a12 BETWEEN 0 AND 10),
  a13 INTEGER CHECK (a13 BETWEEN 0 AND 10),
  a14 INTEGER CHECK (a14 BETWEEN 0 AND 10),
  a15 INTEGER CHECK (a15 BETWEEN 0 AND 10),
  a16 INTEGER CHECK (a16 BETWEEN 0 AND 10),
  a17 INTEGER CHECK (a17 BETWEEN 0 AND 10),
  a18 INTEGER CHECK (a18 BETWEEN 0 AND 10),
  a19 INTEGER CHECK (a19 BETWEEN 0 AND 10),
  a20 INTEGER CHECK (a20 BETWEEN 0 AND 10),
  a21 INTEGER CHECK (a21 BETWEEN 0 AND 10),
  a22 INTEGER CHECK (a22 BETWEEN 0 AND 10),
  a23 INTEGER CHECK (a23 BETWEEN 0 AND 10),
  a24 INTEGER CHECK (a24 BETWEEN 0 AND 10),
  p01 TEXT CHECK (length(p01) BETWEEN 1 AND 20),
  p02 TEXT CHECK (length(p02) BETWEEN 1 AND 20),
  p03 TEXT CHECK (length(p03) BETWEEN 1 AND 20),
  p04 TEXT CHECK (length(p04) BETWEEN 1 AND 20),
  p05 TEXT CHECK (length(p05) BETWEEN 1 AND 20),
  p06 TEXT CHECK (length(p06) BETWEEN 1 AND 20),
  p07 TEXT CHECK (length(p07) BETWEEN 1 AND 20),
  p08 TEXT CHECK (length(p08) BETWEEN 1 AND 20)
) STRICT;
CREATE INDEX response_by_day ON response (office, day, layanan, channel);

-- Free text apart from the row, so that it can be kept for a shorter time.
CREATE TABLE saran (
  seq INTEGER PRIMARY KEY,
  response BLOB NOT NULL UNIQUE REFERENCES response (id),
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 300)
) STRICT;

-- A closed periode: nothing enters its days any more.
CREATE TABLE closing (
  office TEXT NOT NULL,
  periode TEXT NOT NULL,
  mulai TEXT NOT NULL,
  selesai TEXT NOT NULL CHECK (selesai >= mulai),
  closed_on TEXT NOT NULL CHECK (closed_on > selesai),
  n INTEGER NOT NULL CHECK (n >= 0),
  PRIMARY KEY (office, periode)
) STRICT;

CREATE TRIGGER response_not_into_closed BEFORE INSERT ON response
WHEN EXISTS (SELECT 1 FROM closing WHERE office = NEW.office AND NEW.day BETWEEN mulai AND selesai)
BEGIN SELECT RAISE(ABORT, 'periode closed'); END;

-- REPLACE would delete without asking the triggers below, so a key that is there is refused beforehand.
CREATE TRIGGER store_keeps_keys BEFORE INSERT ON store
WHEN EXISTS (SELECT 1 FROM store)
BEGIN SELECT RAISE(ABORT, 'store is append-only'); END;
CREATE TRIGGER batch_keeps_keys BEFORE INSERT ON batch
WHEN EXISTS (SELECT 1 FROM batch WHERE id = NEW.id OR sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'batch is append-only'); END;
CREATE TRIGGER response_keeps_keys BEFORE INSERT ON response
WHEN EXISTS (SELECT 1 FROM response WHERE seq = NEW.seq OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'response is append-only'); END;
CREATE TRIGGER saran_keeps_keys BEFORE INSERT ON saran
WHEN EXISTS (SELECT 1 FROM saran WHERE seq = NEW.seq OR response = NEW.response)
BEGIN SELECT RAISE(ABORT, 'saran is append-only'); END;
CREATE TRIGGER closing_keeps_keys BEFORE INSERT ON closing
WHEN EXISTS (SELECT 1 FROM closing WHERE office = NEW.office AND periode = NEW.periode)
BEGIN SELECT RAISE(ABORT, 'closing is append-only'); END;

CREATE TRIGGER store_keeps_rows BEFORE DELETE ON store
BEGIN SELECT RAISE(ABORT, 'store is append-only'); END;
CREATE TRIGGER store_keeps_values BEFORE UPDATE ON store
BEGIN SELECT RAISE(ABORT, 'store is append-only'); END;

CREATE TRIGGER batch_keeps_rows BEFORE DELETE ON batch
BEGIN SELECT RAISE(ABORT, 'batch is append-only'); END;
CREATE TRIGGER batch_keeps_values BEFORE UPDATE ON batch
BEGIN SELECT RAISE(ABORT, 'batch is append-only'); END;

CREATE TRIGGER response_keeps_rows BEFORE DELETE ON response
BEGIN SELECT RAISE(ABORT, 'response is append-only'); END;
CREATE TRIGGER response_keeps_values BEFORE UPDATE ON response
BEGIN SELECT RAISE(ABORT, 'response is append-only'); END;

CREATE TRIGGER saran_keeps_rows BEFORE DELETE ON saran
BEGIN SELECT RAISE(ABORT, 'saran is append-only'); END;
CREATE TRIGGER saran_keeps_values BEFORE UPDATE ON saran
BEGIN SELECT RAISE(ABORT, 'saran is append-only'); END;

CREATE TRIGGER closing_keeps_rows BEFORE DELETE ON closing
BEGIN SELECT RAISE(ABORT, 'closing is append-only'); END;
CREATE TRIGGER closing_keeps_values BEFORE UPDATE ON closing
BEGIN SELECT RAISE(ABORT, 'closing is append-only'); END;
