-- Sheets of paper from the printer to the count: as in the SQLite store.

-- Numbered sheets that were printed. A number is given once; `layanan` is NULL where the sheet asks for it.
CREATE TABLE sheet_issue (
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  series INTEGER NOT NULL CHECK (series > 0),
  first_sheet INTEGER NOT NULL CHECK (first_sheet > 0),
  last_sheet INTEGER NOT NULL CHECK (last_sheet >= first_sheet),
  layanan TEXT COLLATE "C" CHECK (length(layanan) BETWEEN 1 AND 40),
  form TEXT COLLATE "C" NOT NULL CHECK (length(form) BETWEEN 1 AND 60),
  issued_on TEXT COLLATE "C" NOT NULL CHECK (issued_on ~ '^\d{4}-[01]\d-[0-3]\d$'),
  PRIMARY KEY (office, series)
);

-- A bundle: the sheets handed out for one layanan and answered on one day.
CREATE TABLE entri (
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  id INTEGER NOT NULL CHECK (id > 0),
  day TEXT COLLATE "C" NOT NULL CHECK (day ~ '^\d{4}-[01]\d-[0-3]\d$'),
  layanan TEXT COLLATE "C" NOT NULL CHECK (length(layanan) BETWEEN 1 AND 40),
  form TEXT COLLATE "C" NOT NULL CHECK (length(form) BETWEEN 1 AND 60),
  first_sheet INTEGER NOT NULL CHECK (first_sheet > 0),
  last_sheet INTEGER NOT NULL CHECK (last_sheet >= first_sheet),
  opened_on TEXT COLLATE "C" NOT NULL CHECK (opened_on ~ '^\d{4}-[01]\d-[0-3]\d$'),
  PRIMARY KEY (office, id)
);

-- What was said of a sheet: the last row of a pass holds. pass: 1 first entry, 2 second entry, 3 the third look.
CREATE TABLE entri_sheet (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  office TEXT COLLATE "C" NOT NULL,
  entri INTEGER NOT NULL,
  sheet INTEGER NOT NULL CHECK (sheet > 0),
  pass SMALLINT NOT NULL CHECK (pass BETWEEN 1 AND 3),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('terisi', 'rusak', 'sisa')),
  FOREIGN KEY (office, entri) REFERENCES entri (office, id)
);
CREATE INDEX entri_sheet_of ON entri_sheet (office, entri);

-- What was keyed of a sheet, as JSON lists in the order of the pack.
CREATE TABLE entri_answer (
  seq BIGINT PRIMARY KEY REFERENCES entri_sheet (seq),
  answers TEXT NOT NULL CHECK (length(answers) BETWEEN 2 AND 200),
  profil TEXT NOT NULL CHECK (length(profil) BETWEEN 2 AND 400)
);
CREATE TABLE entri_saran (
  seq BIGINT PRIMARY KEY REFERENCES entri_sheet (seq),
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 300)
);

-- The first entry is over: what the clerk counted on paper, and the sheets (JSON) drawn from `seed` to be keyed again.
CREATE TABLE entri_lock (
  office TEXT COLLATE "C" NOT NULL,
  entri INTEGER NOT NULL,
  used INTEGER NOT NULL CHECK (used > 0),
  spoiled INTEGER NOT NULL CHECK (spoiled >= 0),
  unused INTEGER NOT NULL CHECK (unused >= 0),
  seed TEXT NOT NULL CHECK (length(seed) = 32),
  sample TEXT NOT NULL,
  locked_on TEXT COLLATE "C" NOT NULL CHECK (locked_on ~ '^\d{4}-[01]\d-[0-3]\d$'),
  PRIMARY KEY (office, entri),
  FOREIGN KEY (office, entri) REFERENCES entri (office, id)
);

-- How a bundle ended: `batch` is what it became in the count, NULL when it was given up. Of the sheets keyed twice: how
-- many values were compared, and how many differed.
CREATE TABLE entri_end (
  office TEXT COLLATE "C" NOT NULL,
  entri INTEGER NOT NULL,
  batch BIGINT REFERENCES batch (id),
  compared INTEGER NOT NULL CHECK (compared >= 0),
  different INTEGER NOT NULL CHECK (different BETWEEN 0 AND compared),
  ended_on TEXT COLLATE "C" NOT NULL CHECK (ended_on ~ '^\d{4}-[01]\d-[0-3]\d$'),
  PRIMARY KEY (office, entri),
  FOREIGN KEY (office, entri) REFERENCES entri (office, id)
);

-- A number is printed once.
CREATE FUNCTION sheet_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.office, 0));
  IF EXISTS (SELECT FROM sheet_issue WHERE office = NEW.office
    AND first_sheet <= NEW.last_sheet AND NEW.first_sheet <= last_sheet) THEN
    RAISE EXCEPTION 'sheet_issue is append-only' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sheet_is_new BEFORE INSERT ON sheet_issue FOR EACH ROW EXECUTE FUNCTION sheet_is_new();

-- After its end a bundle takes nothing more; after the lock no first entry.
CREATE FUNCTION entri_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.office, 0));
  IF EXISTS (SELECT FROM entri_end WHERE office = NEW.office AND entri = NEW.entri)
    OR (NEW.pass = 1 AND EXISTS (SELECT FROM entri_lock WHERE office = NEW.office AND entri = NEW.entri)) THEN
    RAISE EXCEPTION 'entri is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entri_is_open BEFORE INSERT ON entri_sheet FOR EACH ROW EXECUTE FUNCTION entri_is_open();

DO $$
DECLARE
  name TEXT;
BEGIN
  FOREACH name IN ARRAY ARRAY['sheet_issue', 'entri', 'entri_sheet', 'entri_answer', 'entri_saran', 'entri_lock',
    'entri_end'] LOOP
    EXECUTE format('CREATE TRIGGER %s_keeps_rows BEFORE UPDATE OR DELETE ON %I FOR EACH ROW'
      ' EXECUTE FUNCTION append_only()', name, name);
    EXECUTE format('CREATE TRIGGER %s_keeps_table BEFORE TRUNCATE ON %I FOR EACH STATEMENT'
      ' EXECUTE FUNCTION append_only()', name, name);
  END LOOP;
END $$;
