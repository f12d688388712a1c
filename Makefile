# Every command of the project. `make` alone lists them.
# Messages are in Indonesian: a clerk reads them.

OFFICE ?= office.toml
PERIOD ?=
OFFICES ?=
FILE   ?=
LAYANAN ?=
N      ?=
START  ?=
LARGE  ?=
FROM   ?=
TO     ?=
PROFIL ?=
NAME   ?=
BY     ?=
STEP   ?=
NOTE   ?=
RETURN ?=
DOCUMENT ?=
P12    ?=
PKCS11 ?=
TOKEN  ?=
KEY    ?=
PERSON ?=
DAY    ?=
TODAY  ?=
MAP    ?=
OTHER  ?=
EMPTY  ?=
PRINTED ?=
SERVE  ?= 1
PORT   ?=
PROCEDURE ?=
PYTHON ?= python3

PY   := .venv/bin/python
NEED := sh .ci/need
# Mutants are made and tried in a copy: a test never sees them by mistake. What mutmut runs stands in pyproject.toml.
MUTATION := build/mutation
MUTATED  := pyproject.toml README.md office.example.toml scoring collector publish bench site docs tests

# weasyprint loads pango and harfbuzz, and crashes when the machine has no font at all; pdftoppm draws the image of the
# publication sheet and the pages of a scan, zbarimg reads the code on them.
LIBS := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core poppler-utils zbar-tools
# Debian keeps this part of Python in a package of its own.
VENV = $$($(PYTHON) -c 'import ensurepip' 2>/dev/null || echo python3-venv)
# nginx for deploy/, a browser for the questionnaire, what the driver of playwright loads, a database server, a reader for
# PDF; what records the calls of a program, makes them fail, and turns its clock; a token without hardware.
LIBS_DEV := nginx-light openssl chromium-headless-shell libatomic1 postgresql qpdf strace fiu-utils faketime softhsm2
# A second spreadsheet program, for the long campaign only.
LIBS_SOAK := libreoffice-calc-nogui
# A client that sends posts, a database server, a compiler for the slow disk; a browser, and the pages of others.
LIBS_BENCH := wrk gcc libc6-dev postgresql chromium-headless-shell libatomic1
NPM = $$(command -v npm >/dev/null || echo npm)

# The day of a rehearsal, for every command; a real store refuses it.
ifneq ($(TODAY),)
export IKM_REHEARSAL_DAY := $(TODAY)
endif

# Said before anything runs, with make's exit code 2.
ask = $(if $($1),,$(error $1 belum diisi. Contoh: $2))
$(foreach goal,$(filter close tally report workbook publish outages status changes step freeze scan sign import-signed send ralat archive verify,$(MAKECMDGOALS)),$(call ask,PERIOD,make $(goal) PERIOD=2026-10 (tanpa spasi)))
$(foreach goal,$(filter import,$(MAKECMDGOALS)),$(call ask,FILE,make $(goal) FILE=kertas.csv))
$(foreach goal,$(filter check-pdf,$(MAKECMDGOALS)),$(call ask,FILE,make $(goal) FILE=laporan.pdf))
$(foreach goal,$(filter step,$(MAKECMDGOALS)),$(foreach name,STEP BY,\
	$(call ask,$(name),make $(goal) PERIOD=2026-10 STEP=susun BY=staf)))
$(foreach goal,$(filter scan import-signed,$(MAKECMDGOALS)),$(foreach name,DOCUMENT FILE,\
	$(call ask,$(name),make $(goal) PERIOD=2026-10 DOCUMENT=laporan FILE=pindaian.pdf)))
$(foreach goal,$(filter ralat,$(MAKECMDGOALS)),$(foreach name,BY NOTE,\
	$(call ask,$(name),make $(goal) PERIOD=2026-10 BY=camat NOTE="alasan")))
$(foreach goal,$(filter import-recap,$(MAKECMDGOALS)),$(foreach name,PERIOD FILE MAP,\
	$(call ask,$(name),make $(goal) PERIOD=2026-TW3 FILE=rekap.xlsx MAP=e-skm)))
$(foreach goal,$(filter filter,$(MAKECMDGOALS)),$(foreach day,FROM TO,\
	$(call ask,$(day),make $(goal) FROM=2026-09-25 TO=2026-10-24)))
$(foreach goal,$(filter tree,$(MAKECMDGOALS)),$(foreach name,OFFICES TO,\
	$(call ask,$(name),make $(goal) OFFICES=kantor TO=/srv/ikm)))
$(foreach goal,$(filter destroy,$(MAKECMDGOALS)),$(call ask,BY,make $(goal) BY=camat))
$(foreach goal,$(filter bench,$(MAKECMDGOALS)),$(call ask,NAME,make $(goal) NAME=scoring))

.DEFAULT_GOAL := help
.NOTPARALLEL:
# What is no command of ours: said in Indonesian.
.DEFAULT:
	@echo "Perintah make $@ tidak ada. Tidak ada yang dikerjakan; ketik make untuk daftar perintah." >&2; exit 2
.DELETE_ON_ERROR:

.PHONY: help
help: ## Menampilkan daftar perintah ini
	@awk -F ':.*## ' \
		'/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

##@ Mencoba dan menyiapkan
.PHONY: env demo site serve preview
env: .venv/.runtime ## Menyiapkan lingkungan kerja (.venv); perintah lain melakukannya sendiri

demo: env ## Mencoba seluruh alur dengan data contoh (PROCEDURE=B, C, atau D: prosedur lain; SERVE=0: tanpa layanan web)
	@$(PY) -m publish.demo $(if $(PROCEDURE),--procedure '$(PROCEDURE)') $(if $(filter 0,$(SERVE)),--no-serve)

site: env ## Membuat halaman kuesioner dari OFFICE (bawaan: office.toml)
	@$(PY) -m publish site --office '$(OFFICE)'

preview: env ## Membuat pratinjau semua halaman kuesioner untuk rapat, dibuka tanpa server
	@$(PY) -m publish preview --office '$(OFFICE)'

serve: env ## Menjalankan penerima jawaban survei (PORT=8000)
	@$(PY) -m collector serve --office '$(OFFICE)' $(if $(PORT),--port '$(PORT)')

##@ Pekerjaan tiap periode
.PHONY: paper-form batches template import import-recap tally close report workbook tree publish
paper-form: env ## Membuat formulir kertas; N=50: lembar bernomor (START=1, LARGE=1: huruf besar, LAYANAN=ktp)
	@$(PY) -m publish paper-form $(if $(N),--n '$(N)') $(if $(START),--start '$(START)') $(if $(LARGE),--large) \
		$(if $(LAYANAN),--layanan '$(LAYANAN)') --office '$(OFFICE)'

batches: env ## Menampilkan bundel formulir kertas dan hasil entri kedua (PERIOD boleh diisi)
	@$(PY) -m collector batches $(if $(PERIOD),--periode '$(PERIOD)') --office '$(OFFICE)'

template: env ## Membuat templat Excel untuk mengetik jawaban kertas (LAYANAN boleh diisi)
	@$(PY) -m publish template $(if $(LAYANAN),--layanan '$(LAYANAN)') --office '$(OFFICE)'

import: env ## Memasukkan jawaban dari FILE, misalnya FILE=kertas.xlsx (PERIOD, LAYANAN, MAP boleh diisi; OTHER=1: lembar orang lain)
	@$(PY) -m collector import '$(FILE)' $(if $(PERIOD),--periode '$(PERIOD)') $(if $(LAYANAN),--layanan '$(LAYANAN)') \
		$(if $(MAP),--map '$(MAP)') $(if $(OTHER),--other) --office '$(OFFICE)'

import-recap: env ## Mencatat rekap aplikasi lain (FILE, MAP) di samping satu PERIOD (PRINTED: IKM yang tercetak)
	@$(PY) -m collector import-recap '$(PERIOD)' '$(FILE)' --map '$(MAP)' $(if $(PRINTED),--printed '$(PRINTED)') --office '$(OFFICE)'

tally: env ## Menghitung jawaban satu PERIOD, misalnya PERIOD=2026-TW3
	@$(PY) -m collector tally '$(PERIOD)' --office '$(OFFICE)'

close: env ## Menutup satu PERIOD (EMPTY=1: meskipun tidak ada yang menjawab)
	@$(PY) -m collector close '$(PERIOD)' $(if $(EMPTY),--empty) --office '$(OFFICE)'

report: env ## Menyusun laporan satu PERIOD (OFFICES=folder: setiap kantor di dalamnya)
	@$(PY) -m publish report '$(PERIOD)' $(if $(OFFICES),--offices '$(OFFICES)') --office '$(OFFICE)'

workbook: env ## Menyusun rekapitulasi (Excel, dengan rumus) satu PERIOD
	@$(PY) -m publish workbook '$(PERIOD)' --office '$(OFFICE)'

tree: env ## Menyusun halaman semua kantor di folder OFFICES menjadi satu pohon statis di folder TO
	@$(PY) -m publish tree --offices '$(OFFICES)' --to '$(TO)'

publish: env ## Menerbitkan hasil satu PERIOD untuk umum
	@$(PY) -m publish public '$(PERIOD)' --office '$(OFFICE)'

##@ Dari konsep sampai terkirim
.PHONY: status changes step freeze scan sign import-signed send archive ralat due verify
WHO = $(if $(BY),--by '$(BY)') $(if $(NOTE),--note '$(NOTE)')

status: env ## Menampilkan langkah prosedur satu PERIOD: siapa, keadaan, sejak kapan, dan apa yang kurang
	@$(PY) -m publish status '$(PERIOD)' --office '$(OFFICE)'

changes: env ## Menampilkan yang berubah sejak pemeriksaan terakhir satu PERIOD
	@$(PY) -m publish changes '$(PERIOD)' --office '$(OFFICE)'

step: env ## Mencatat satu langkah: STEP=periksa BY=kasi (RETURN=1 NOTE="alasan": mengembalikan)
	@$(PY) -m publish step '$(PERIOD)' '$(STEP)' $(WHO) $(if $(RETURN),--return) --office '$(OFFICE)'

freeze: env ## Membekukan dokumen satu PERIOD sebagai edisi yang akan diparaf dan ditandatangani
	@$(PY) -m publish freeze '$(PERIOD)' $(WHO) --office '$(OFFICE)'

scan: env ## Mencatat tanda tangan dengan pena: DOCUMENT=laporan FILE=pindaian.pdf (BY=camat; NOTE="alasan": mengganti)
	@$(PY) -m publish scan '$(PERIOD)' --document '$(DOCUMENT)' --file '$(FILE)' $(WHO) --office '$(OFFICE)'

sign: env ## Membubuhkan paraf atau tanda tangan elektronik: BY=camat P12=camat.p12 (atau PKCS11, TOKEN, KEY; atau PERSON)
	@$(PY) -m publish sign-edition '$(PERIOD)' $(if $(DOCUMENT),--document '$(DOCUMENT)') $(if $(BY),--by '$(BY)') \
		$(if $(P12),--p12 '$(P12)') $(if $(PKCS11),--pkcs11 '$(PKCS11)') $(if $(TOKEN),--token '$(TOKEN)') \
		$(if $(KEY),--key '$(KEY)') $(if $(PERSON),--person '$(PERSON)') --office '$(OFFICE)'

import-signed: env ## Memasukkan dokumen yang ditandatangani aplikasi lain: DOCUMENT=laporan FILE=laporan-ttd.pdf (BY=camat)
	@$(PY) -m publish import-signed '$(PERIOD)' --document '$(DOCUMENT)' --file '$(FILE)' $(if $(BY),--by '$(BY)') --office '$(OFFICE)'

send: env ## Membuat paket kiriman satu PERIOD dan mencatat pengirimannya
	@$(PY) -m publish send '$(PERIOD)' $(WHO) --office '$(OFFICE)'

archive: env ## Mengarsipkan seluruh berkas satu PERIOD (BagIt) dan membuat daftar berkas kertas
	@$(PY) -m publish archive '$(PERIOD)' --office '$(OFFICE)'

ralat: env ## Membuka ralat atas PERIOD yang sudah ditandatangani: BY=camat NOTE="alasan"
	@$(PY) -m publish ralat '$(PERIOD)' $(WHO) --office '$(OFFICE)'

verify: env ## Memeriksa ulang satu PERIOD dari jawaban sampai terbitan; tidak mengubah apa pun
	@$(PY) -m publish verify '$(PERIOD)' --office '$(OFFICE)'

due: env ## Menampilkan tenggat dan menulis data/tenggat.ics untuk kalender
	@$(PY) -m publish due --office '$(OFFICE)'

##@ Membaca hasil
.PHONY: check-pdf filter seal recount datasette datasette-staff
check-pdf: env ## Memeriksa apakah FILE (PDF) sama dengan dokumen yang diterbitkan; galat bila tidak
	@$(PY) -m publish check-pdf '$(FILE)' --office '$(OFFICE)'

filter: env ## Menampilkan nilai dari jawaban tanggal FROM sampai TO (LAYANAN dan PROFIL boleh diisi)
	@$(PY) -m collector filter --from '$(FROM)' --to '$(TO)' --layanan '$(LAYANAN)' --profil '$(PROFIL)' --office '$(OFFICE)'

seal: env ## Menyegel hitungan hari-hari yang sudah lewat
	@$(PY) -m collector seal --office '$(OFFICE)'

recount: env ## Menghitung ulang semua jawaban dan membandingkannya dengan hitungan yang tersimpan
	@$(PY) -m collector recount --office '$(OFFICE)'

datasette: env ## Membuka data hasil untuk umum dengan Datasette (PORT=8001)
	@$(PY) -m publish datasette --office '$(OFFICE)' $(if $(PORT),--port '$(PORT)')

datasette-staff: env ## Membuka data petugas dengan Datasette, memakai kata sandi (PORT=8002)
	@$(PY) -m publish datasette --staff --office '$(OFFICE)' $(if $(PORT),--port '$(PORT)')

##@ Merawat
.PHONY: backup restore-test doctor outages retention destroy minutes handover rehearsal manual
backup: env ## Mencadangkan basis data jawaban selagi layanan berjalan (TO=folder)
	@$(PY) -m collector backup $(if $(TO),--to '$(TO)') --office '$(OFFICE)'

restore-test: env ## Menguji pemulihan cadangan terbaru tanpa menyentuh basis data
	@$(PY) -m collector restore-test $(if $(FROM),--from '$(FROM)') --office '$(OFFICE)'

doctor: env ## Memeriksa basis data, jam, cakram, cadangan, dan halaman (PORT=8000)
	@$(PY) -m collector doctor --office '$(OFFICE)' $(if $(PORT),--port '$(PORT)')

outages: env ## Menampilkan gangguan layanan pada satu PERIOD
	@$(PY) -m collector outages '$(PERIOD)' --office '$(OFFICE)'

retention: env ## Menampilkan saran dan jawaban yang sudah habis masa simpannya
	@$(PY) -m collector retention --office '$(OFFICE)'

destroy: env ## Memusnahkan yang sudah habis masa simpannya, diputuskan oleh BY, misalnya BY=camat
	@$(PY) -m collector retention --destroy --by '$(BY)' --office '$(OFFICE)'

minutes: env ## Menyusun berita acara pemusnahan (DAY=2028-01-31; bawaan: pemusnahan terakhir)
	@$(PY) -m publish minutes $(if $(DAY),'$(DAY)') --office '$(OFFICE)'

handover: env ## Menyusun berkas serah terima bagi pejabat yang berganti
	@$(PY) -m publish handover --office '$(OFFICE)'

rehearsal: env ## Menyiapkan kantor gladi di data/gladi, terpisah dari basis data yang sebenarnya (TODAY=2026-11-25: harinya)
	@$(PY) -m collector rehearsal --office '$(OFFICE)'

manual: env ## Menyusun buku petunjuk kantor menjadi satu PDF, data/petunjuk.pdf (TO=folder)
	@$(PY) -m publish manual $(if $(TO),--to '$(TO)')

##@ Untuk pengembang
.PHONY: env-dev check test soak coverage mutation bench pictures lock clean
env-dev: .venv/.dev ## Menyiapkan lingkungan kerja beserta alat uji

check: env-dev ## Memeriksa gaya, tipe, dan dokumentasi
	@echo "ruff ..."
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet
	@echo "mypy ..."
	@.venv/bin/mypy --no-error-summary
	@echo "dokumentasi ..."
	@$(PY) -m pytest -q -m docs $$(grep -l 'pytest\.mark\.docs' tests/test_*.py)

test: env-dev ## Menjalankan semua pengujian
	@$(PY) -m pytest -q -n 3 --dist worksteal # of three, one waits for a browser or a server

soak: env-dev ## Menjalankan kampanye panjang, sekitar dua jam (NAME=kills: hanya tests/test_kills.py)
	@$(NEED) $(LIBS_SOAK)
	@$(PY) -m pytest -q -m soak $(if $(NAME),'tests/test_$(NAME).py')

coverage: env-dev ## Mengukur baris dan cabang yang dilalui pengujian, sekitar satu jam; galat bila kurang
	@.venv/bin/coverage erase
	@.venv/bin/coverage run -m pytest -q -n 3 --dist worksteal
	@.venv/bin/coverage combine -q
	@.venv/bin/coverage report --skip-covered --sort=cover
	@for wanted in scoring:100 collector:90 publish:90; do \
		echo "$${wanted%:*}: paling sedikit $${wanted#*:} persen"; \
		.venv/bin/coverage report --include="$${wanted%:*}/*" --fail-under="$${wanted#*:}" --format=total || exit 1; \
	done

mutation: $(MUTATION)/.venv/.ready ## Menguji pengujian: scoring diubah sedikit, satu uji harus gagal (NAME=index: hanya scoring/index.py)
	@cd $(MUTATION) && rm -rf $(MUTATED)
	@cp -Rp $(MUTATED) $(MUTATION)
	@cd $(MUTATION) && .venv/bin/python tests/mutants.py again
	@cd $(MUTATION) && CI=1 .venv/bin/mutmut run --max-children 2 scoring.figure.x_rounded__mutmut_1 # makes them all
	@cd $(MUTATION) && .venv/bin/python tests/mutants.py try $(if $(NAME),'$(NAME)')
	@cd $(MUTATION) && .venv/bin/python tests/mutants.py $(if $(NAME),'$(NAME)')

bench: .venv-bench/.ready ## Mengukur kinerja: NAME=scoring menjalankan bench/scoring.py (LARGE=1: juga 10 juta jawaban)
	@.venv-bench/bin/python -m 'bench.$(NAME)' $(if $(LARGE),--large)

# Of the demonstrations as they lie in data/; `make demo` and `make demo PROCEDURE=C` make them anew.
pictures: env-dev ## Memotret layar dan dokumen demonstrasi ke docs/gambar (beberapa menit bila demonstrasinya belum ada)
	@$(PY) -m publish.demo_pictures

lock: .python ## Mengunci versi pustaka dari pyproject.toml (UPGRADE=1: naik ke versi terbaru)
	@$(NEED) $(VENV)
	@$(lock)

clean: ## Menghapus .venv dan berkas sementara; data/ dan office.toml tidak disentuh
	@rm -rf .venv .venv-bench .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov build dist *.egg-info
	@find scoring collector publish tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# --- Behind the commands ---

# What `env` and `env-dev` install from. Packages of Debian are looked at every time (50 ms),
# those of Python only when their list has changed.
.PHONY: .python .libs .libs-dev .libs-bench
.python:
	@command -v $(PYTHON) >/dev/null || $(NEED) python3
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Diperlukan Python 3.11 atau lebih baru. Contoh: make $(or $(firstword $(MAKECMDGOALS)),env) PYTHON=python3.12" >&2; exit 1; }

.libs: .python
	@$(NEED) $(VENV) $(LIBS)

.libs-dev: .python
	@$(NEED) $(VENV) $(LIBS) $(LIBS_DEV)

.libs-bench: .python
	@$(NEED) $(VENV) $(LIBS) $(LIBS_BENCH) $(NPM)

.venv/.runtime: requirements.txt | .libs
	@$(install)
	@touch $@

# The development list holds the runtime list, so both are now up to date.
.venv/.dev: requirements-dev.txt | .libs-dev
	@$(install)
	@touch .venv/.runtime $@

.venv-bench/.ready: requirements-bench.txt | .libs-bench
	@$(install)
	@touch $@

$(MUTATION)/.venv/.ready: requirements-mutation.txt | .libs
	@mkdir -p $(MUTATION)
	@$(install)
	@touch $@

# Wheels only: nothing is compiled, no package runs its own setup. A .venv whose Python has gone is made anew.
define install
$(@D)/bin/pip --version >/dev/null 2>&1 || { echo "Membuat $(@D) ..."; $(PYTHON) -m venv --clear $(@D); }; \
echo "Memasang $$(grep -c '==' $<) pustaka Python dari $<; mohon tunggu sekitar satu menit ..."; \
$(@D)/bin/python -m pip install -qq --require-hashes --only-binary :all: -r $< || \
	{ echo "Pustaka Python gagal dipasang. Periksa sambungan internet, lalu ulangi perintah ini." >&2; exit 1; }
endef

# In a scratch environment and from PyPI alone, whatever this machine has configured.
# The runtime list is cut from the development list, so a test runs what an office runs.
define lock
set -eu; tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; \
unset UV_INDEX UV_DEFAULT_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL UV_FIND_LINKS; \
echo "Mengunci versi pustaka ..."; \
$(PYTHON) -m venv "$$tmp"; "$$tmp/bin/pip" install -qq uv; \
compile() { "$$tmp/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command 'make lock' "$$@" pyproject.toml; }; \
compile --extra dev $(if $(UPGRADE),--upgrade) --output-file requirements-dev.txt; \
compile --constraints requirements-dev.txt $(if $(UPGRADE),--upgrade) --output-file requirements.txt; \
compile --extra bench --constraints requirements-dev.txt $(if $(UPGRADE),--upgrade) --output-file requirements-bench.txt; \
compile --extra mutation --constraints requirements-dev.txt $(if $(UPGRADE),--upgrade) --output-file requirements-mutation.txt
endef
