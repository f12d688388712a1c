-- Single-use tickets: only the SHA-256 of each is here. `layanan` is NULL for tickets that hold for every layanan.
CREATE TABLE ticket (
  office TEXT NOT NULL CHECK (length(office) BETWEEN 1 AND 40),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  layanan TEXT CHECK (length(layanan) BETWEEN 1 AND 40),
  loaded_on TEXT NOT NULL CHECK (loaded_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  PRIMARY KEY (office, hash)
) STRICT, WITHOUT ROWID;

-- A ticket that let in an answer, entered in the answer's own transaction. It does not say which answer; the rows lie
-- by hash, without a number, so that their order tells nothing either.
CREATE TABLE redemption (
  office TEXT NOT NULL,
  hash BLOB NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  PRIMARY KEY (office, hash),
  FOREIGN KEY (office, hash) REFERENCES ticket (office, hash)
) STRICT, WITHOUT ROWID;

-- REPLACE would delete without asking, so a key that is there is refused beforehand.
CREATE TRIGGER ticket_keeps_keys BEFORE INSERT ON ticket
WHEN EXISTS (SELECT 1 FROM ticket WHERE office = NEW.office AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'ticket is append-only'); END;
CREATE TRIGGER ticket_keeps_rows BEFORE DELETE ON ticket
BEGIN SELECT RAISE(ABORT, 'ticket is append-only'); END;
CREATE TRIGGER ticket_keeps_values BEFORE UPDATE ON ticket
BEGIN SELECT RAISE(ABORT, 'ticket is append-only'); END;
CREATE TRIGGER redemption_keeps_keys BEFORE INSERT ON redemption
WHEN EXISTS (SELECT 1 FROM redemption WHERE office = NEW.office AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'redemption is append-only'); END;
CREATE TRIGGER redemption_keeps_rows BEFORE DELETE ON redemption
BEGIN SELECT RAISE(ABORT, 'redemption is append-only'); END;
CREATE TRIGGER redemption_keeps_values BEFORE UPDATE ON redemption
BEGIN SELECT RAISE(ABORT, 'redemption is append-only'); END;
