-- The filters already answered: who keeps two figures can subtract them, so each new one is held against these.
-- `answers` and `exclusions` are the last rows that counted, `profil` names columns ("p01=P,p02=17-25"), and `whole`
-- is the number of questions that had to be answered (0: blanks were allowed).
CREATE TABLE filter (
  seq INTEGER PRIMARY KEY,
  office TEXT NOT NULL CHECK (length(office) BETWEEN 1 AND 40),
  mulai TEXT NOT NULL,
  selesai TEXT NOT NULL CHECK (selesai >= mulai),
  layanan TEXT NOT NULL,
  profil TEXT NOT NULL,
  whole INTEGER NOT NULL CHECK (whole BETWEEN 0 AND 24),
  answers INTEGER NOT NULL CHECK (answers > 0),
  exclusions INTEGER NOT NULL CHECK (exclusions >= 0),
  asked_on TEXT NOT NULL CHECK (asked_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  UNIQUE (office, mulai, selesai, layanan, profil, whole, answers, exclusions)
) STRICT;

-- REPLACE would delete without asking, so a key that is there is refused beforehand.
CREATE TRIGGER filter_keeps_keys BEFORE INSERT ON filter
WHEN EXISTS (
  SELECT 1 FROM filter WHERE seq = NEW.seq OR (
    office = NEW.office AND mulai = NEW.mulai AND selesai = NEW.selesai AND layanan = NEW.layanan
    AND profil = NEW.profil AND whole = NEW.whole AND answers = NEW.answers AND exclusions = NEW.exclusions
  )
)
BEGIN SELECT RAISE(ABORT, 'filter is append-only'); END;
CREATE TRIGGER filter_keeps_rows BEFORE DELETE ON filter
BEGIN SELECT RAISE(ABORT, 'filter is append-only'); END;
CREATE TRIGGER filter_keeps_values BEFORE UPDATE ON filter
BEGIN SELECT RAISE(ABORT, 'filter is append-only'); END;
