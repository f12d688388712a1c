-- Sheets of paper from the printer to the count: which numbers were printed, which bundle a clerk keys, what was keyed.

-- Numbered sheets that were printed. A number is given once; `layanan` is NULL where the sheet asks for it.
CREATE TABLE sheet_issue (
  office TEXT NOT NULL CHECK (length(office) BETWEEN 1 AND 40),
  series INTEGER NOT NULL CHECK (series > 0),
  first_sheet INTEGER NOT NULL CHECK (first_sheet > 0),
  last_sheet INTEGER NOT NULL CHECK (last_sheet >= first_sheet),
  layanan TEXT CHECK (length(layanan) BETWEEN 1 AND 40),
  form TEXT NOT NULL CHECK (length(form) BETWEEN 1 AND 60),
  issued_on TEXT NOT NULL CHECK (issued_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  PRIMARY KEY (office, series)
) STRICT;

-- A bundle: the sheets handed out for one layanan and answered on one day.
CREATE TABLE entri (
  office TEXT NOT NULL CHECK (length(office) BETWEEN 1 AND 40),
  id INTEGER NOT NULL CHECK (id > 0),
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  layanan TEXT NOT NULL CHECK (length(layanan) BETWEEN 1 AND 40),
  form TEXT NOT NULL CHECK (length(form) BETWEEN 1 AND 60),
  first_sheet INTEGER NOT NULL CHECK (first_sheet > 0),
  last_sheet INTEGER NOT NULL CHECK (last_sheet >= first_sheet),
  opened_on TEXT NOT NULL CHECK (opened_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  PRIMARY KEY (office, id)
) STRICT;

-- What was said of a sheet: the last row of a pass holds. pass: 1 first entry, 2 second entry, 3 the third look.
CREATE TABLE entri_sheet (
  seq INTEGER PRIMARY KEY,
  office TEXT NOT NULL,
  entri INTEGER NOT NULL,
  sheet INTEGER NOT NULL CHECK (sheet > 0),
  pass INTEGER NOT NULL CHECK (pass BETWEEN 1 AND 3),
  state TEXT NOT NULL CHECK (state IN ('terisi', 'rusak', 'sisa')),
  FOREIGN KEY (office, entri) REFERENCES entri (office, id)
) STRICT;
CREATE INDEX entri_sheet_of ON entri_sheet (office, entri);

-- What was keyed of a sheet, as JSON lists in the order of the pack; destroyed with the answers, its text with theirs.
CREATE TABLE entri_answer (
  seq INTEGER PRIMARY KEY REFERENCES entri_sheet (seq),
  answers TEXT NOT NULL CHECK (length(answers) BETWEEN 2 AND 200),
  profil TEXT NOT NULL CHECK (length(profil) BETWEEN 2 AND 400)
) STRICT;
CREATE TABLE entri_saran (
  seq INTEGER PRIMARY KEY REFERENCES entri_sheet (seq),
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 300)
) STRICT;

-- The first entry is over: what the clerk counted on paper, and the sheets (JSON) drawn from `seed` to be keyed again.
CREATE TABLE entri_lock (
  office TEXT NOT NULL,
  entri INTEGER NOT NULL,
  used INTEGER NOT NULL CHECK (used > 0),
  spoiled INTEGER NOT NULL CHECK (spoiled >= 0),
  unused INTEGER NOT NULL CHECK (unused >= 0),
  seed TEXT NOT NULL CHECK (length(seed) = 32),
  sample TEXT NOT NULL,
  locked_on TEXT NOT NULL CHECK (locked_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  PRIMARY KEY (office, entri),
  FOREIGN KEY (office, entri) REFERENCES entri (office, id)
) STRICT;

-- How a bundle ended: `batch` is what it became in the count, NULL when it was given up. Of the sheets keyed twice: how
-- many values were compared, and how many differed.
CREATE TABLE entri_end (
  office TEXT NOT NULL,
  entri INTEGER NOT NULL,
  batch INTEGER REFERENCES batch (id),
  compared INTEGER NOT NULL CHECK (compared >= 0),
  different INTEGER NOT NULL CHECK (different BETWEEN 0 AND compared),
  ended_on TEXT NOT NULL CHECK (ended_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  PRIMARY KEY (office, entri),
  FOREIGN KEY (office, entri) REFERENCES entri (office, id)
) STRICT;

-- A number is printed once; and REPLACE would delete without asking, so a key that is there is refused beforehand.
CREATE TRIGGER sheet_issue_keeps_keys BEFORE INSERT ON sheet_issue
WHEN EXISTS (
  SELECT 1 FROM sheet_issue WHERE office = NEW.office
  AND (series = NEW.series OR (first_sheet <= NEW.last_sheet AND NEW.first_sheet <= last_sheet))
)
BEGIN SELECT RAISE(ABORT, 'sheet_issue is append-only'); END;
CREATE TRIGGER entri_keeps_keys BEFORE INSERT ON entri
WHEN EXISTS (SELECT 1 FROM entri WHERE office = NEW.office AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entri is append-only'); END;
CREATE TRIGGER entri_sheet_keeps_keys BEFORE INSERT ON entri_sheet
WHEN EXISTS (SELECT 1 FROM entri_sheet WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'entri_sheet is append-only'); END;
CREATE TRIGGER entri_answer_keeps_keys BEFORE INSERT ON entri_answer
WHEN EXISTS (SELECT 1 FROM entri_answer WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'entri_answer is append-only'); END;
CREATE TRIGGER entri_saran_keeps_keys BEFORE INSERT ON entri_saran
WHEN EXISTS (SELECT 1 FROM entri_saran WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'entri_saran is append-only'); END;
CREATE TRIGGER entri_lock_keeps_keys BEFORE INSERT ON entri_lock
WHEN EXISTS (SELECT 1 FROM entri_lock WHERE office = NEW.office AND entri = NEW.entri)
BEGIN SELECT RAISE(ABORT, 'entri_lock is append-only'); END;
CREATE TRIGGER entri_end_keeps_keys BEFORE INSERT ON entri_end
WHEN EXISTS (SELECT 1 FROM entri_end WHERE office = NEW.office AND entri = NEW.entri)
BEGIN SELECT RAISE(ABORT, 'entri_end is append-only'); END;

-- After its end a bundle takes nothing more; after the lock no first entry.
CREATE TRIGGER entri_sheet_not_after_end BEFORE INSERT ON entri_sheet
WHEN EXISTS (SELECT 1 FROM entri_end WHERE office = NEW.office AND entri = NEW.entri)
  OR (NEW.pass = 1 AND EXISTS (SELECT 1 FROM entri_lock WHERE office = NEW.office AND entri = NEW.entri))
BEGIN SELECT RAISE(ABORT, 'entri is closed'); END;

CREATE TRIGGER sheet_issue_keeps_rows BEFORE DELETE ON sheet_issue
BEGIN SELECT RAISE(ABORT, 'sheet_issue is append-only'); END;
CREATE TRIGGER sheet_issue_keeps_values BEFORE UPDATE ON sheet_issue
BEGIN SELECT RAISE(ABORT, 'sheet_issue is append-only'); END;
CREATE TRIGGER entri_keeps_rows BEFORE DELETE ON entri
BEGIN SELECT RAISE(ABORT, 'entri is append-only'); END;
CREATE TRIGGER entri_keeps_values BEFORE UPDATE ON entri
BEGIN SELECT RAISE(ABORT, 'entri is append-only'); END;
CREATE TRIGGER entri_sheet_keeps_rows BEFORE DELETE ON entri_sheet
BEGIN SELECT RAISE(ABORT, 'entri_sheet is append-only'); END;
CREATE TRIGGER entri_sheet_keeps_values BEFORE UPDATE ON entri_sheet
BEGIN SELECT RAISE(ABORT, 'entri_sheet is append-only'); END;
CREATE TRIGGER entri_answer_keeps_rows BEFORE DELETE ON entri_answer
BEGIN SELECT RAISE(ABORT, 'entri_answer is append-only'); END;
CREATE TRIGGER entri_answer_keeps_values BEFORE UPDATE ON entri_answer
BEGIN SELECT RAISE(ABORT, 'entri_answer is append-only'); END;
CREATE TRIGGER entri_saran_keeps_rows BEFORE DELETE ON entri_saran
BEGIN SELECT RAISE(ABORT, 'entri_saran is append-only'); END;
CREATE TRIGGER entri_saran_keeps_values BEFORE UPDATE ON entri_saran
BEGIN SELECT RAISE(ABORT, 'entri_saran is append-only'); END;
CREATE TRIGGER entri_lock_keeps_rows BEFORE DELETE ON entri_lock
BEGIN SELECT RAISE(ABORT, 'entri_lock is append-only'); END;
CREATE TRIGGER entri_lock_keeps_values BEFORE UPDATE ON entri_lock
BEGIN SELECT RAISE(ABORT, 'entri_lock is append-only'); END;
CREATE TRIGGER entri_end_keeps_rows BEFORE DELETE ON entri_end
BEGIN SELECT RAISE(ABORT, 'entri_end is append-only'); END;
CREATE TRIGGER entri_end_keeps_values BEFORE UPDATE ON entri_end
BEGIN SELECT RAISE(ABORT, 'entri_end is append-only'); END;
