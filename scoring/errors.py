"""The one list of errors: a stable code and the Indonesian sentence that says what happened and what to do.

What a respondent or a clerk gets wrong is a `Remark`, a value. What stops the work is an `IkmError`.
Each surface maps the codes once: the collector to HTTP statuses, the commands to exit code 2.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Final

SENTENCES: Final[dict[str, str]] = {
    # configuration: packs, office.toml, rtl.toml
    "TOML_SYNTAX": "{file}: tulisan TOML tidak dapat dibaca: {reason}.",
    "KEY_UNKNOWN": "{file}: kunci {key} tidak dikenal. Hapus atau betulkan ejaannya; kunci yang ada: {known}.",
    "KEY_MISSING": "{file}: kunci {key} belum diisi{near}.",
    "KEY_INVALID": "{file}: isi kunci {key} tidak sesuai: {reason}.",
    "FILE_MISSING": "Berkas {file} tidak ada. {advice}",
    "FILE_UNREADABLE": "Berkas {file} tidak dapat dibaca: {reason}.",
    "INSTRUMENT_UNKNOWN": "Instrumen {id} tidak dikenal; yang ada: {known}.",
    "RULE_UNKNOWN": "Aturan hitung {id} tidak ada pada instrumen {instrument}; yang ada: {known}.",
    "BLANK_UNKNOWN": "Cara menghitung jawaban kosong {id} tidak dikenal; yang ada: available, zero, complete.",
    "LOCALE_INCOMPLETE": "{file}: kunci {key} {reason}. Betulkan terjemahannya, lalu ulangi.",
    # commands
    "ARGUMENT_UNKNOWN": "{value} tidak dikenal. Tidak ada yang dikerjakan; ketik make untuk daftar perintah.",
    "ARGUMENT_CHOICE": "{name}: {value} tidak dikenal. Pilihannya {known}. Tidak ada yang dikerjakan.",
    "ARGUMENT_VALUE": "{name}: {value} tidak dapat dibaca; tulis {kind}. Tidak ada yang dikerjakan.",
    "ARGUMENT_MISSING": "{name} belum diisi. Tidak ada yang dikerjakan.",
    "DISK_FULL": "Ruang disk habis{file}. Jawaban dan yang sudah terbit tetap ada; kosongkan ruang, lalu ulangi perintahnya.",
    "FILE_REFUSED": "{file} tidak dapat dibaca atau ditulis: {reason}. Periksa nama dan hak akses foldernya, lalu ulangi.",
    "OUTPUT_CLOSED": "Hasil perintah ini tidak lagi dibaca, sehingga perintahnya berhenti di tengah. Yang sudah tersimpan tetap ada; ulangi perintah itu saja, tanpa perintah lain di belakangnya.",
    "DISK_BUSY": "Basis data sedang dipakai perintah lain. Tidak ada yang berubah; ulangi perintah ini sebentar lagi.",
    "DISK_BROKEN": "Cakram tidak dapat dibaca atau ditulis dengan benar. Perintah ini tidak menyimpan apa pun, dan yang sudah tersimpan tidak diubah. Ketik: make doctor",
    # periode
    "PERIODE_INVALID": "Periode {id} tidak dikenal. Tidak ada yang berubah. Tulis 2026-10 (Oktober 2026), 2026-TW3 (triwulan III), 2026-S1 (semester I), atau 2026.",
    "PERIODE_INSTRUMENT": "Periode {id} memuat pergantian instrumen pada {date}; hitung kedua bagiannya sendiri-sendiri.",
    "PERIODE_NOT_OVER": "Periode {id} baru berakhir pada {last} (hari ini {today}); penutupan dapat dilakukan mulai {first}.",
    "PERIODE_OPEN": "Periode {id} belum ditutup. Ketik: make close PERIOD={id}",
    "PERIODE_CLOSED": "Periode {id} sudah ditutup; tidak ada yang dapat ditambahkan lagi. Jawaban yang ada tetap aman.",
    "PERIODE_MOVED": "Periode {id} ditutup untuk {closed}, padahal menurut office.toml sekarang {today}. Jawabannya tetap aman dan tidak ada yang berubah. Tulis kembali report_day = {day} di bawah [periode] dalam office.toml, lalu ulangi.",
    "PERIODE_BUNDLES": "Periode {id} belum ditutup: bundel {bundles} belum dimasukkan ke hitungan, dan sesudah penutupan tidak dapat dimasukkan lagi. Tidak ada yang hilang; masukkan atau batalkan pada halaman petugas (/entri/), lalu ulangi.",
    "PERIODE_UNANSWERED": "Periode {id} belum memiliki jawaban, sehingga tidak ditutup: sesudah ditutup tidak ada yang dapat ditambahkan. Periksa nama periodenya, atau masukkan dahulu jawaban kertasnya. Bila memang tidak ada yang menjawab, ketik: make close PERIOD={id} EMPTY=1",
    "PERIODE_EMPTY": "Periode {id} tidak memiliki jawaban, sehingga tidak ada indeks yang dapat dilaporkan.",
    # tally and recap files
    "COMBINE_MIXED": "Hitungan {first} dan {second} tidak dapat digabung: {name} berbeda ({values}).",
    "TALLY_INVALID": "Rekap hitungan tidak sah pada {where}: {reason}.",
    "TABLE_EMPTY": "{file}: tidak ada baris jawaban.",
    "TABLE_COLUMN_UNKNOWN": "{file}: kolom {column} tidak dikenal. Kolom yang dikenal: {known}.",
    "TABLE_COLUMN_MISSING": "{file}: kolom untuk {column} tidak ada.",
    "TABLE_COLUMN_TWICE": "{file}: kolom {column} tertulis dua kali.",
    "TABLE_CELL": '{file}, baris {row}, kolom {column}: "{value}" tidak sah; {expected}.',
    "TABLE_ROW_EMPTY": "{file}, baris {row}: tidak ada satu pun jawaban.",
    "TABLE_ROW_LONG": "{file}, baris {row}: isinya lebih banyak daripada kolom judul.",
    "TABLE_NRR_ROWS": "{file}: rekap NRR harus berisi tepat satu baris angka, terbaca {rows}.",
    "RECAP_ROW_MISSING": "{file}: baris untuk unsur {unsur} tidak ada.",
    "PRINTED_INVALID": "Angka tercetak {printed} tidak terbaca. Tulis misalnya 90.56.",
    "TABLE_REFUSED": "{file}: {count} kesalahan; tidak ada yang dihitung atau disimpan. Betulkan lalu ulangi.",
    "COUNTS_INSTRUMENT": "{file}, periode {periode}: pertanyaannya tidak cocok dengan instrumen mana pun ({known}). Tidak ada yang dihitung; pakai hitung.csv sebagaimana diterbitkan.",
    "COUNTS_ROW_MISSING": "{file}, periode {periode}, layanan {layanan}: baris pertanyaan {question} dengan nilai {value} tidak ada.",
    "COUNTS_TOTAL": "{file}, periode {periode}, layanan {layanan}: jumlah n pertanyaan {question} adalah {n}, padahal pertanyaan {first} berjumlah {total}.",
    "COUNTS_COMPLETE": "{file} memuat jawaban kosong, sehingga cara complete tidak dapat dihitung dari jumlah saja. Pilih cara lain, atau pakai complete_sums pada hasil.json.",
    "COUNTS_GROUP": "{file}: {name} {id} tidak ada. Yang ada: {known}.",
    # answers
    "BODY_LARGE": "Kiriman terlalu besar. Persingkat saran Anda, lalu kirim kembali.",
    "BODY_TYPE": "Jenis kiriman tidak dikenal. Gunakan formulir pada halaman survei.",
    "BODY_UNREADABLE": "Kiriman tidak dapat dibaca. Muat ulang halaman survei, lalu kirim kembali.",
    "FIELD_UNKNOWN": "Isian {field} tidak dikenal.",
    "FIELD_MISSING": "Isian {field} tidak ada.",
    "FIELD_INVALID": "Isian {field} tidak sesuai.",
    "ANSWER_MISSING": "Pertanyaan {nomor} belum dijawab.",
    "ANSWER_INVALID": "Jawaban pertanyaan {nomor} harus salah satu dari pilihan yang tersedia.",
    "SARAN_LONG": "Saran paling banyak {limit} huruf; tulisan Anda {length} huruf.",
    "COMMITMENT_MISMATCH": "Kode jawaban tidak cocok dengan isinya. Muat ulang halaman survei, lalu kirim kembali.",
    "FORM_OLD": "Kuesioner ini sudah diganti. Muat ulang halaman survei; jawaban Anda belum tersimpan.",
    "OFFICE_UNKNOWN": "Kuesioner ini bukan milik kantor kami.",
    "LAYANAN_UNKNOWN": "Layanan {id} tidak ada pada kantor ini.",
    "LAYANAN_GONE": "Periode {id} belum ditutup: {n} jawabannya untuk layanan {layanan}, yang tidak ada dalam office.toml. Tidak ada yang hilang; kembalikan [[layanan]] dengan id itu (id lama, bila id-nya diganti) sampai periode ini dilaporkan, lalu ulangi.",
    "ORIGIN_REFUSED": "Kiriman datang dari halaman yang bukan halaman survei kami.",
    "ANSWERS_REFUSED": "Jawaban belum lengkap. Jawaban yang sudah Anda pilih tetap ada.",
    "NOT_FOUND": "Halaman tidak ditemukan. Pindai kembali kode QR di loket.",
    "METHOD_REFUSED": "Alamat ini hanya menerima kiriman dari halaman survei.",
    "TOO_MANY": "Terlalu banyak kiriman dari sambungan ini. Jawaban Anda belum tersimpan; kirim kembali sebentar lagi.",
    "STORE_BUSY": "Penyimpanan sedang sibuk. Jawaban Anda belum tersimpan; kirim kembali sebentar lagi.",
    "STORE_FULL": "Ruang penyimpanan habis. Jawaban Anda belum tersimpan; kirim kembali nanti.",
    "STORE_BROKEN": "Media penyimpanan bermasalah. Jawaban Anda belum tersimpan; kirim kembali sebentar lagi.",
    # tickets
    "TICKET_MISSING": "Kode tiket belum diisi. Kodenya tertulis pada tiket yang Anda terima dari petugas.",
    "TICKET_TYPO": "Kode tiket salah ketik. Cocokkan kembali dua puluh huruf dan angkanya dengan tiket Anda.",
    "TICKET_UNKNOWN": "Tiket ini tidak berlaku untuk layanan ini. Periksa kodenya, atau mintalah tiket lain di loket.",
    "TICKET_USED": "Tiket ini sudah dipakai. Jawaban dengan tiket ini tersimpan satu kali; tidak ada yang perlu dikirim lagi.",
    "TICKET_NUMBER": "Jumlah tiket {n} tidak dapat dibuat; sebut bilangan 1 sampai {most}.",
    "TICKET_FILES": "{file} sudah ada. Tiket lama tidak ditimpa; pilih folder lain dengan --out.",
    "TICKET_HASH": "{file}, baris {line}: bukan sidik SHA-256 sebuah tiket. Muat berkas tiket-hash.txt.",
    "TICKET_FILE": "{file}, baris {line}: bukan tiket yang sah. Cetak dari berkas tiket.csv sebagaimana dibuat.",
    "TICKET_LAYANAN": "{file} tidak menyebut layanan. Sebut layanannya, misalnya --layanan ktp.",
    # store
    "STORE_MISSING": "Basis data {file} belum ada. Ketik: make site",
    "STORE_UNREACHABLE": "Basis data {file} tidak dapat dihubungi ({reason}). Periksa alamat, jaringan, dan kata sandinya.",
    "STORE_NEWER": "Basis data sudah diubah oleh versi yang lebih baru ({name}). Pasang versi itu; versi lama tidak dapat memakainya.",
    "STORE_OTHER_OFFICE": "Basis data {file} milik kantor {owner}, bukan {office}. Tidak ada yang berubah. Bila id baru saja diganti, kembalikan id dalam office.toml; bila ini kantor lain, tulis folder lain pada kunci data, lalu ketik: make site",
    "STORE_KIND": "Basis data {file} bukan basis data uji coba; hari server tidak dapat diatur. Tidak ada yang berubah. Hapus TODAY, atau tambahkan OFFICE=data/gladi/office.toml.",
    "BACKUP_SERVER": "Basis data {file} dicadangkan dengan alat PostgreSQL. Ketik: pg_dump --format=custom --file=ikm.dump {file}",
    "BACKUP_BROKEN": "Cadangan dari {file} tidak jadi: {reason}. Periksa ruang cakram dan basis datanya, lalu ulangi.",
    "BACKUP_NONE": "Belum ada cadangan di {folder}. Ketik: make backup",
    "RESTORE_BROKEN": "Cadangan {file} tidak lulus uji pemulihan. Buat cadangan baru dengan make backup, dan simpan yang ini untuk diperiksa.",
    "DOCTOR_BROKEN": "Pemeriksaan menemukan {n} hal yang rusak; kerjakan petunjuk pada baris yang bertanda rusak.",
    "CLOCK_BEHIND": "Jam komputer menunjukkan {today}, padahal hari sampai {until} sudah disegel. Betulkan jamnya, lalu ulangi.",
    "FOLDER_UNSAFE": "Folder {folder} terletak pada {kind}, yang tidak aman untuk basis data. Pindahkan folder data ke cakram komputer ini.",
    "FILE_OPEN": "Berkas {file} dapat diubah oleh siapa pun pada komputer ini. Ketik: chmod o-rwx {file}",
    "RETENTION_SERVER": "Pemusnahan belum tersedia untuk {file}: pada PostgreSQL isi jawaban juga tersimpan dalam arsip WAL dan cadangan.",
    "ROWS_DESTROYED": "Jawaban {first} sampai dengan {last} sudah dimusnahkan; saringan yang menyangkut hari itu tidak dapat dihitung lagi.",
    "WIPE_UNFINISHED": "Pemusnahan tercatat, tetapi sisa tulisan masih di berkas WAL karena ada yang membaca. Hentikan layanan, lalu ulangi perintah ini.",
    "MINUTES_NONE": "Tidak ada pemusnahan pada {day}, sehingga tidak ada berita acara.",
    "FORM_MIXED": "Periode {id} memuat {n} jawaban dari kuesioner selain {form}. Tidak ada yang hilang. Bila [[instrument]] dalam office.toml baru saja diubah, kembalikan isinya, lalu tulis instrumen baru di bawahnya dengan from pada hari pertamanya; selain itu, sebut rentang yang memakai satu kuesioner.",
    "DAY_SEALED": "Hari {day} sudah disegel. Jawaban Anda belum tersimpan; jam server perlu diperiksa petugas.",
    "TALLY_LAYOUT": "Hitungan harian yang tersimpan memakai susunan {layout} yang tidak dikenal; pasang versi yang sesuai.",
    "CODE_UNKNOWN": "Tidak ada jawaban dengan kode tanda terima {code}. Periksa huruf dan angkanya.",
    "SHEET_UNKNOWN": "Berkas {file} tidak memiliki lembar nomor {sheet}, atau belum diimpor.",
    "RECOUNT_DIFFERS": "Hitung ulang berbeda pada {days}. Simpan basis data, jangan terbitkan, dan laporkan.",
    "PERIODE_BLIND": "Nilai periode {id} baru ditampilkan setelah ditutup (blind_until_close). Jumlah jawaban sementara: {n}.",
    "FILTER_INVALID": 'Saringan {name} "{value}" tidak sah: {expected}.',
    "BASE_SMALL": "Kurang dari {least} responden cocok dengan saringan ini, sehingga nilainya tidak ditampilkan. Perlebar saringannya.",
    "FILTER_DIFFERENCE": "Dibandingkan dengan nilai yang sudah pernah ditampilkan, saringan ini menunjukkan kelompok kurang dari {least} responden. Perlebar saringannya.",
    # paper
    "IMPORT_DATE_MISSING": "{file}: kolom tanggal tidak ada. Isi kolom tanggal, atau sebut periodenya: make import FILE={file} PERIOD=2026-10",
    "IMPORT_DATE_OUTSIDE": "{file}, baris {row}: tanggal {date} di luar periode {periode}.",
    "IMPORT_DATE_FUTURE": "{file}, baris {row}: tanggal {date} belum terjadi.",
    "IMPORT_INSTRUMENT": "{file}: baris {row} bertanggal {date} memakai instrumen lain ({instrument}); pisahkan berkasnya.",
    "IMPORT_AGAIN": "{file}: {again} dari {rows} lembar di dalamnya sudah diimpor dari {known} pada {day}; {others}. Tidak ada yang disimpan, dan yang sudah ada tetap. Impor baris itu saja, dalam berkas bernama lain; bila itu pembetulan, keluarkan lebih dahulu lembar lamanya (docs/petunjuk.md, bagian 2). Bila seluruhnya lembar orang lain, ulangi dengan OTHER=1.",
    # spreadsheets and import maps
    "IMPORT_LARGE": "{file} terlalu besar; yang dibaca paling besar {limit}. Tidak ada yang disimpan. Bagi menjadi beberapa berkas.",
    "IMPORT_OVERLAP": "{file}: jawaban dari {source} untuk layanan {layanan} pada {days} sudah pernah diimpor dari {known}. Hapus baris hari itu, lalu ulangi. Tidak ada yang ditambahkan.",
    "XLSX_KIND": "{file} {reason}, sehingga tidak dibaca. Simpan sebagai Buku Kerja Excel (.xlsx) tanpa makro dan tanpa kata sandi, lalu ulangi.",
    "XLSX_BROKEN": "{file} tidak dapat dibaca: {reason}. Buka dan simpan kembali sebagai .xlsx, lalu ulangi. Tidak ada yang disimpan.",
    "XLSX_SHEET": "{file}: lembar kerja {wanted} tidak ada. Yang terlihat: {known}. Betulkan nama lembar kerjanya, lalu ulangi.",
    "HEADING_UNKNOWN": "{file}: tidak satu pun judul kolom pada baris {row} dikenal. Letakkan judul kolom di baris itu, atau tulis heading_row yang benar di berkas peta.",
    "XLSX_COLUMN": "{file}: kolom {column} tidak dikenal. Betulkan judulnya seperti pada templat, atau hapus kolom itu.",
    "XLSX_HIDDEN": "{file}, baris {row} tersembunyi tetapi berisi. Tampilkan baris itu, atau hapus.",
    "MAP_UNKNOWN": "Peta impor {name} tidak ada. Yang tersedia: {known}; atau sebut berkas peta Anda sendiri.",
    "MAP_KIND": "Peta {map} berjenis {kind}. Untuk rekap (counts, sums, nrr) ketik make import-recap; untuk jawaban (rows) ketik make import.",
    "MAP_PERSONAL_FED": "{file}: kolom {column} adalah data pribadi dan tidak boleh dipakai untuk {key}. Pindahkan ke ignore.",
    "MAP_PERSONAL": "{file}: kolom {column} memuat data pribadi dan tidak boleh dibaca. Hapus kolom itu, atau tulis judulnya pada ignore di berkas peta.",
    "MAP_COLUMN_UNKNOWN": "{file}: kolom {column} tidak dikenal. Tulis judulnya pada [columns] di {map}, atau pada ignore bila tidak dipakai.",
    "MAP_COLUMN_MISSING": "{file}: kolom untuk {column} tidak ada. Tulis judul kolomnya pada {key} di bawah [columns] di {map}.",
    "RECAP_ROW_UNKNOWN": "{file}, baris {row}: {label} bukan unsur yang dikenal. Tulis pada [unsur] di {map}, atau pada ignore_rows bila tidak dipakai.",
    "TEMPLATE_EXISTS": "{file} sudah ada dan isinya lain; mungkin sudah diisi. Pindahkan atau ganti namanya, lalu ulangi. Berkas itu tidak diubah.",
    # numbered sheets and the clerk's page
    "SHEET_NUMBER": "Nomor lembar tidak dapat dipakai: sekali cetak 1 sampai {most} lembar, dengan nomor 1 sampai {highest}.",
    "SHEET_ISSUED": "Lembar {first} sampai dengan {last} sudah diterbitkan pada {date}; nomor yang sama tidak diterbitkan dua kali. Tanpa START, nomor dilanjutkan dari {next}.",
    "SHEET_SERIES": "Orang lain mencetak lembar pada saat yang sama. Tidak ada nomor yang terpakai; ulangi perintah ini.",
    "ENTRI_UNKNOWN": "Bundel {id} tidak ada. Pilih bundel dari daftar.",
    "ENTRI_DATE": "Tanggal tidak terbaca. Tulis seperti 05/10/2026.",
    "ENTRI_FUTURE": "Tanggal {date} belum terjadi; hari ini {today}.",
    "ENTRI_RANGE": "Nomor lembar pertama dan terakhir harus berurutan, paling banyak {most} lembar dalam satu bundel.",
    "ENTRI_NOT_ISSUED": "Lembar {sheet} belum pernah diterbitkan. Periksa nomor pada kertas; lembar bernomor dicetak dengan make paper-form N=50.",
    "ENTRI_LAYANAN": "Lembar {sheet} dicetak untuk layanan {layanan}. Pilih layanan itu, atau betulkan nomornya.",
    "ENTRI_FORM": "Lembar {sheet} memuat kuesioner {printed}, padahal pada tanggal itu berlaku {asked}. Betulkan tanggal atau nomornya.",
    "ENTRI_TAKEN": "Lembar {sheet} sudah ada pada bundel {id}. Lembar yang sama tidak dihitung dua kali.",
    "ENTRI_OUTSIDE": "Lembar {sheet} tidak termasuk bundel {id}. Tidak ada yang disimpan; betulkan nomornya.",
    "ENTRI_LOCKED": "Bundel {id} tidak menerima isian ini lagi. Yang sudah tersimpan tidak berubah; muat ulang halaman.",
    "ENTRI_NOT_DUE": "Lembar {sheet} tidak perlu diketik pada tahap ini. Yang sudah tersimpan tidak berubah; muat ulang halaman.",
    "ENTRI_SKIPPED": "Pertanyaan {nomor} belum diketik; tekan 0 bila tidak dijawab.",
    "ENTRI_EMPTY": "Tidak ada satu pun jawaban. Ketik jawabannya, atau tandai lembar ini rusak.",
    "ENTRI_PROFIL": "{name}: ketik nomor pilihan 1 sampai {most}, atau 0 bila tidak diisi.",
    "ENTRI_BALANCE": "Jumlah terisi, rusak, dan sisa harus {issued} lembar sebanyak yang diterbitkan; yang Anda tulis {counted}, selisih {difference}.",
    "ENTRI_TOTAL": "{name}: menurut hitungan kertas {paper}, menurut yang diketik {typed}, selisih {difference}. Tidak ada yang hilang; cocokkan lembarnya, lalu ulangi.",
    "ENTRI_NOTHING": "Tidak ada lembar terisi, sehingga tidak ada yang dapat dihitung. Batalkan bundel ini.",
    "ENTRI_OPEN": "Bundel {id} belum dicocokkan dengan hitungan kertas. Tulis jumlah lembarnya lebih dahulu.",
    "ENTRI_SECOND": "Entri kedua belum selesai: lembar {sheets}.",
    "ENTRI_THIRD": "Perbedaan kedua entri belum diputuskan: lembar {sheets}.",
    "STAF_TOKEN_MISSING": "Halaman petugas belum dibuka. Isi variabel IKM_STAF_TOKEN dengan sedikitnya {least} huruf acak, lalu jalankan ulang layanan.",
    "STAF_TOKEN_WRONG": "Sandi petugas tidak cocok. Periksa hurufnya, lalu ulangi.",
    "STAF_ENTER": "Anda perlu masuk kembali. Yang sudah tersimpan tidak hilang.",
    # documents
    "PROSE_NAME": "{file}, baris {line}: nama {name} tidak dikenal. Gunakan nama yang ada pada daftar nilai.",
    "PROSE_SYNTAX": "{file}, baris {line}: tulisan di dalam kurung kurawal tidak dapat dibaca.",
    "PROSE_FIGURE": "{file}, baris {line}: angka {figure} diketik langsung, padahal angka hanya berasal dari hasil. {advice}",
    "PDF_ADDRESS": "Naskah memuat alamat {address}, yang tidak dapat dipakai: gambar dan lampiran dari luar tidak diambil, dan tautan hanya boleh https, http, atau mailto. Hapus alamat itu dari naskah, lalu ulangi. Isian Anda tidak hilang.",
    "LETTER_USED": "{file}: nomor {nomor} sudah dipakai surat periode {other}. Dokumen belum disusun; periksa buku agenda, lalu betulkan nomornya.",
    "PHOTO_INVALID": "Foto {file} {reason}. Dokumen belum disusun; ganti fotonya, lalu ulangi.",
    "RECAP_LACKING": "{file}: {reason}. Berita acara belum disusun; impor kembali rekapnya, lalu ulangi.",
    "IMAGE_FULL": "Isi lembar publikasi tidak muat pada gambar media sosial. Persingkat lembar-publikasi.md, lalu ulangi; lembar PDF-nya sudah ada.",
    "TAG_JENIS": "Tanda saran belum dipilih. Pilih saran, aduan, atau dicatat saja; tidak ada tanda yang berubah.",
    "TAG_TEMA": "Tema ditulis dengan 1 sampai {limit} huruf yang tampak. Tidak ada tanda yang berubah; betulkan temanya, lalu simpan lagi.",
    "TAG_UNKNOWN": "Saran itu tidak ada pada periode {id}. Tidak ada tanda yang berubah; muat ulang halaman saran.",
    "TAG_FROZEN": "Edisi {edition} periode {id} sudah dibekukan dengan tanda saran yang ada. Tanda yang tersimpan tetap ada; ubah hanya sesudah ralat dibuka.",
    "PEJABAT_MISSING": "office.toml: tidak ada pejabat dengan peran {role} yang berlaku pada {date}.",
    "PEJABAT_LACKING": "office.toml: prosedur {procedure} memerlukan pejabat dengan peran {roles}, yang belum ada pada {date}. Tambahkan [[pejabat]] seperti pada office.example.toml; yang sudah tercatat tidak berubah.",
    "REPORT_MISSING": "Dokumen periode {id} belum dibuat. Ketik: make report PERIOD={id}",
    "OFFICES_NONE": "Folder {folder} tidak memuat folder kantor yang berisi office.toml. Tidak ada yang disusun; periksa nama foldernya.",
    "OFFICES_FAILED": "Dokumen {n} kantor belum tersusun: {names}. Kantor lain sudah selesai; betulkan menurut baris di atas, lalu ulangi.",
    "TREE_FOREIGN": "Folder {folder} sudah berisi hal lain dan bukan hasil make tree. Tidak ada yang diubah; pilih folder yang kosong atau folder hasil make tree.",
    "TREE_BUSY": "Folder {folder} sedang disusun oleh perintah lain. Tidak ada yang diubah; tunggu sampai selesai, lalu ulangi bila perlu.",
    "TREE_TAKEN": "Alamat {id} di folder {folder} sudah dipakai oleh {other}. Yang sudah ada tidak diubah; periksa id pada office.toml.",
    "TREE_FAILED": "Halaman {n} kantor belum tersusun: {names}. Kantor lain sudah selesai dan halaman lama tetap ada; betulkan menurut baris di atas, lalu ulangi.",
    "REPORT_CHANGED": "result.json periode {id} tidak sama dengan hitungan dari tally.json. Ketik: make report PERIOD={id}",
    "REPORT_OLD": "Hitungan periode {id} berubah sesudah dokumennya dibuat. Ketik: make report PERIOD={id}; bila sudah ditandatangani, ketik lebih dahulu: make ralat PERIOD={id}",
    "PUBLISHED_CHANGED": "Hitungan periode {id} berubah sesudah terbit; selisihnya dapat menunjukkan jawaban perorangan. Yang sudah terbit tetap berlaku.",
    "PUBLISHED_FILE": "Berkas terbitan {file} hilang atau berubah, sehingga halaman tidak dibuat; yang terbit tetap seperti semula. Pulihkan berkas itu dari cadangan, atau pindahkan folder periodenya ke luar folder publik lalu ketik: make publish PERIOD={id}",
    "NOTHING_PUBLISHED": "Belum ada periode yang diterbitkan. Ketik: make publish PERIOD=2026-10",
    "LAST_BROKEN": "Hasil terakhir {file} tidak dapat dipakai ({reason}), sehingga tidak ditampilkan. Yang sudah terbit tetap ada. Ketik lagi: make publish PERIOD=2026-10",
    "PASSWORD_MISSING": "Kata sandi petugas belum diatur. Ketik .venv/bin/datasette hash-password, lalu export STAF_PASSWORD_HASH='...' dengan sidik yang ditampilkan di antara tanda kutip tunggal, lalu ulangi.",
    "PORT_TAKEN": "Porta {port} sudah dipakai, mungkin oleh perintah yang sama di jendela lain; bila demikian, tidak ada yang perlu dikerjakan. Selain itu ulangi dengan porta lain, misalnya PORT={other}.",
    # procedures
    "PROCEDURE_LETTER": "Prosedur {letter} tidak ada. Tulis PROCEDURE=A (bulanan), B (dengan rencana tindak lanjut), C (triwulan), atau D (semester).",
    "PROCEDURE_PERIODE": "Periode {id} bukan periode {cadence}, padahal prosedur {procedure} berlangsung {cadence}. Tulis misalnya {example}.",
    "STEP_UNKNOWN": "Langkah {step} tidak ada pada prosedur {procedure}; yang ada: {known}.",
    "STEP_ROLE": "Langkah {step} dilakukan oleh {roles}, bukan {role}. Tidak ada yang dicatat.",
    "STEP_ORDER": "Langkah {step} belum atau tidak lagi dapat dilakukan; yang terbuka: {open}, oleh {roles}. Tidak ada yang dicatat; perintah berikutnya ditampilkan oleh make status.",
    "STEP_COLLECTING": "Langkah {step} selesai dengan sendirinya ketika periode ditutup. Ketik: make close PERIOD={id}",
    "STEP_SIGNED": "Langkah {step} tidak diulang sesudah ada tanda tangan. Untuk membetulkan yang sudah ditandatangani, ketik: make ralat PERIOD={id}",
    "STEP_REPEATED": "Langkah {step} sudah selesai dan isinya tidak berubah sejak itu. Tidak ada yang dicatat lagi.",
    "STEP_FINISHED": "Semua langkah periode {id} sudah selesai. Tidak ada yang dicatat; untuk membetulkan, ketik: make ralat PERIOD={id}",
    "STEP_TWICE": "Langkah {step} sudah dicatat oleh {role}; yang ditunggu: {roles}. Tidak ada yang dicatat lagi.",
    "STEP_SELF": "{nama} sudah mengerjakan langkah {other}, sehingga langkah {step} harus dilakukan oleh orang lain. Tidak ada yang dicatat.",
    "STEP_COMMAND": "Langkah {step} dicatat oleh perintahnya sendiri. Ketik: {command} PERIOD={id}",
    "STEP_NO_RETURN": "Langkah {step} tidak dapat dikembalikan menurut prosedurnya. Tidak ada yang dicatat.",
    "STEP_NOTE": "Pengembalian dan ralat memerlukan catatan. Tambahkan alasannya dengan NOTE, lalu ulangi.",
    "STEP_INCOMPLETE": "Langkah {step} belum dapat dinyatakan lengkap. Tidak ada yang dicatat; lengkapi yang berikut, lalu ulangi.",
    "CONTENT_CHANGED": "Isi berubah sesudah langkah {last}: {files}. Langkah {step} tidak dicatat. Lihat perubahannya dengan make changes PERIOD={id}, lalu ulangi langkah penyusunan atau kembalikan isinya.",
    "DRAFT_OLD": "Dokumen tidak lagi sesuai dengan naskahnya ({files}). Ketik: make report PERIOD={id}",
    "JOURNAL_BROKEN": "Jurnal periode {id} rusak pada baris {line}: {reason}. Jangan mengubahnya; pulihkan jurnal.jsonl dari cadangan.",
    "JOURNAL_BUSY": "Jurnal periode {id} sedang dipakai perintah lain. Tidak ada yang dicatat; ulangi sebentar lagi.",
    "JOURNAL_CLOCK": "Jam komputer menunjukkan {now}, lebih awal daripada catatan terakhir ({last}). Tidak ada yang dicatat; betulkan jamnya, lalu ulangi.",
    "FROZEN_CHANGED": "Berkas beku {file} berubah atau hilang. Jangan ditandatangani, dikirim, atau diterbitkan; salin kembali berkas itu dari arsip periode (make archive) atau dari salinan folder data.",
    "SIGNATURE_DOCUMENT": "Dokumen {document} tidak menunggu tanda tangan; yang menunggu: {known}. Tidak ada yang dicatat.",
    "SIGNATURE_REFUSED": "Tanda tangan pada {document} tidak diterima. Tidak ada yang dicatat; berkas bekunya tetap aman.",
    "SIGNATURE_OTHER": "Berkas {file} tidak dimulai dengan dokumen beku edisi ini. Tidak ada yang dicatat; tanda tangani berkas dari folder edisi.",
    "SCAN_INVALID": "Berkas {file} bukan pindaian PDF, PNG, atau JPEG. Tidak ada yang dicatat.",
    "SCAN_PAGES": "Pindaian {file} memuat {found} halaman yang terbaca, padahal {document} terdiri atas {pages} halaman. Tidak ada yang dicatat; pindai semua halamannya menjadi satu PDF tanpa kata sandi, lalu ulangi.",
    "SCAN_KNOWN": 'Pindaian {document} edisi {edition} sudah dicatat pada {date}. Tidak ada yang berubah. Bila pindaian itu keliru, ulangi dengan pindaian yang benar dan alasannya: NOTE="alasan"; yang lama tetap disimpan.',
    "EDITION_NONE": "Periode {id} belum memiliki edisi beku, sehingga belum ada yang dapat diperiksa. Ketik: make status PERIOD={id}",
    "VERIFY_FAILED": "Pemeriksaan periode {id} menemukan {n} hal yang tidak cocok. Tidak ada yang diubah; ikuti petunjuk pada setiap baris TIDAK COCOK, lalu ulangi.",
    "NOT_SIGNED": "Periode {id} belum dapat {what}: langkah {step} oleh {roles} belum selesai. Ketik: make status PERIOD={id}",
    "RALAT_EARLY": "Periode {id} belum ditandatangani, sehingga belum ada yang diralat. Ulangi langkah {step} saja.",
    # signing
    "SIGN_CERTIFICATE": "Berkas {file} bukan berkas sertifikat PKCS#12 (.p12 atau .pfx). Dokumen tidak berubah; pilih berkas yang benar.",
    "SIGN_PASSPHRASE": "Kata sandi untuk {file} salah, atau berkas itu tidak memuat kunci. Dokumen tidak berubah; ulangi perintah ini.",
    "SIGN_SECRET": "Kata sandi belum diberikan. Jalankan dari terminal, atau isi variabel {variable}.",
    "SIGN_TOKEN": "Token {token} tidak dapat dipakai ({reason}). Dokumen tidak berubah; periksa token, PIN, dan nama kuncinya.",
    "SIGN_EXPIRED": "Sertifikat {name} hanya berlaku sampai {until}. Dokumen tidak berubah; pakai sertifikat yang masih berlaku.",
    "SIGN_LEVEL": "Tingkat tanda tangan {level} tidak dapat dibuat: {lack}.",
    "SIGN_FIELD": "Tempat tanda tangan {field} tidak ada atau sudah ditandatangani. Yang masih kosong: {known}.",
    "SIGN_FILE": "Berkas PDF tidak dapat ditandatangani ({reason}). Tidak ada yang berubah; pakai berkas yang dibekukan.",
    "SIGN_TSA": "Layanan cap waktu {tsa} tidak menjawab ({reason}). Dokumen tidak berubah; periksa alamat dan jaringan, lalu ulangi.",
    "SIGN_REVOCATION": "Sertifikat tidak dapat dibuktikan masih berlaku ({reason}). Dokumen tidak berubah; periksa anchors dan jaringan.",
    "SIGN_FAILED": "Penandatanganan tidak jadi ({reason}). Dokumen tidak berubah.",
    "ANCHOR_INVALID": "Berkas {file} bukan sertifikat atau daftar pencabutan yang terbaca ({reason}). Betulkan tanda_tangan.anchors.",
    "ANCHOR_NONE": "Belum ada penerbit sertifikat yang dipercaya. Isi tanda_tangan.anchors dalam office.toml dengan berkas sertifikatnya.",
    "SIGN_EXISTS": "Berkas {file} sudah ada dan tidak ditimpa. Pilih nama lain dengan --out.",
    "SIGN_WAY": "Sebut satu cara: --p12 (P12) dengan berkas sertifikat; atau --pkcs11, --token, dan --key (PKCS11, TOKEN, KEY); atau, pada jalur bsre, --person (PERSON).",
    "PDF_REFUSED": "Berkas {file} tidak diterima sebagai dokumen yang ditandatangani. Dokumen beku tidak berubah; ikuti petunjuk di atas.",
    "BSRE_PASSPHRASE": "BSrE menolak kata sandi. Dokumen tidak berubah; ulangi dengan kata sandi yang benar.",
    "BSRE_USER": "BSrE tidak mengenal penanda tangan ini. Dokumen tidak berubah; daftarkan NIK atau pos-elnya pada BSrE.",
    "BSRE_REFUSED": "BSrE menolak permintaan ({reason}). Dokumen tidak berubah.",
    "BSRE_UNREACHABLE": "Layanan BSrE di {address} tidak dapat dihubungi ({reason}). Dokumen tidak berubah; ulangi nanti.",
    "BSRE_REPLY": "Jawaban BSrE tidak dapat dibaca ({reason}). Dokumen tidak berubah; ulangi, atau hubungi pengelola layanan.",
    "BSRE_OTHER_FILE": "Berkas yang dikembalikan BSrE bukan kelanjutan dari dokumen beku, sehingga tidak dipakai. Dokumen tidak berubah.",
}


# Controls, changes of direction, and halves of characters: a terminal obeys some of them, and people read none.
UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclasses.dataclass(frozen=True)
class Remark:
    """One thing that a respondent or clerk got wrong: stable code, the field or cell, the sentence.

    `values` filled the sentence; another language's sentence is filled with them.
    """

    code: str
    field: str
    text: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict, compare=False, repr=False)


class IkmError(Exception):
    """Stops the work with one sentence; `code` is stable, `remarks` are the single faults behind it."""

    def __init__(self, code: str, remarks: tuple[Remark, ...] = (), /, **values: object) -> None:
        self.code = code
        self.remarks = remarks
        super().__init__(SENTENCES[code].format(**_shown(values)))

    @property
    def lines(self) -> str:
        """Return the sentence and, below it, one line for each single fault: what a command prints."""
        return "\n".join([str(self), *(f"- {fault.text}" for fault in self.remarks)])


def remark(code: str, field: str, **values: object) -> Remark:
    """Return the remark with `code` on `field`; `values` fill the sentence (KeyError when one is lacking)."""
    filled = _shown({"field": field, **values})
    return Remark(code, field, SENTENCES[code].format(**filled), filled)


def shown(text: object) -> str:
    """Return `text` as a sentence or a terminal may show it: one line, what nobody can see by its number ("\\x1b")."""
    return UNSEEN.sub(_number, str(text).replace("\n", " ").replace("\t", " "))


def _number(found: re.Match[str]) -> str:
    place = ord(found[0])
    return f"\\x{place:02x}" if place < 0x100 else f"\\u{place:04x}"


def _shown(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values as they fill a sentence; numbers stay numbers."""
    return {name: value if isinstance(value, int) else shown(value) for name, value in values.items()}
