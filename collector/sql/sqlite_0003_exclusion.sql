-- An answer leaves the count only by an entry here: why, who entered it, and when. The answer itself stays.
CREATE TABLE exclusion (
  seq INTEGER PRIMARY KEY,
  response BLOB NOT NULL UNIQUE REFERENCES response (id),
  reason TEXT NOT NULL CHECK (reason IN ('uji-coba', 'lembar-rusak', 'ganda', 'luar-periode')),
  role TEXT NOT NULL CHECK (length(role) BETWEEN 1 AND 40),
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]')
) STRICT;

CREATE TRIGGER exclusion_keeps_keys BEFORE INSERT ON exclusion
WHEN EXISTS (SELECT 1 FROM exclusion WHERE seq = NEW.seq OR response = NEW.response)
BEGIN SELECT RAISE(ABORT, 'exclusion is append-only'); END;
CREATE TRIGGER exclusion_keeps_rows BEFORE DELETE ON exclusion
BEGIN SELECT RAISE(ABORT, 'exclusion is append-only'); END;
CREATE TRIGGER exclusion_keeps_values BEFORE UPDATE ON exclusion
BEGIN SELECT RAISE(ABORT, 'exclusion is append-only'); END;
