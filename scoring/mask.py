"""Personal data in free text: what is taken out of a comment before anything stores it.

The questionnaire runs the same PATTERNS in the browser, as `new RegExp(pattern, "gu" + flags)`, so they keep to what
Python and JavaScript read alike: no lookbehind, no \\s, nothing that only Unicode knows. Every repetition is bounded
or cannot be entered twice, so that time grows with the text alone. No text grows longer by it.

A name is found in three steps: a word that announces one gets ### behind it, unless a word of PLAIN follows; ### takes
in the capitalised words that touch it, or else one word as it stands, and one more that is not of PLAIN either.
"""

from __future__ import annotations

import re
from typing import Final

MARK: Final = "###"
# What follows "pak", "bu", "atas nama" or "dusun" and is no name, from three letters on.
PLAIN: Final = (
    # stems: prefixes of derived words, then whatever may take an ending
    r"(?:ber|ter|di[bcfgjklrstu]\w{3}|dip[aeru]|ke(?:[bcdprs]\w|t[aeio]|tu[as]|l(?:iru|ih|o|u)|m[bu]|mar|na)|"
    r"mela[hky]|me[mn]\w{3}|mer[ou]|masy|pe[gjlmnt]\w\w|per(?!mad|man|dan|w)|se[bcdghjmr]\w|sen[adintuy]|"
    r"se(?:kal|karan|kit|ko|k[cdru]|l[eu]|la[il]|pan|pe?rt|s[eu]|tel|tiap)|ng[egiou]|nga[np]|ny[aiu]|alha|almarh|anak|antr|"
    r"apa|bagai|bagian|bantu|bel[aiu]|cap|cep[ae]t|c[eo]w|duk|fotoc?[ok]|gan[gt]|gimana|harus|jaga|janda|jan[gj]|"
    r"jel[ae]s|jud|jut|kab|kade|kap[ao]|karyawan|kasi[hr]|kur[aisu]|lan[cgjst]|maka|matur|minta|mohon|mudah|nung|"
    r"park[ei]r|pim|pin[dt]|pol|pre[ms]|pro|samp(?:ing|ai|e|un)|sant[au]|siap|sist|sta|suruh|tamb|tanya|tekn|ten[at]|"
    r"tetang|tingg|tolong|trimak|urus|ust)\w*|"
    # people and places
    r"camat|lurah|ka(?:d[iu]s|s(?:at|i|un|ub\w*)|ur|nit)|carik|bayan|modin|jogoboyo|bupati|wabup|"
    r"gubernur|wakil|guru|bidan|dokter|satpam|hansip|danramil|sopir|oj[eo][kl]|"
    r"magang|humas|kua|k[iy]ai|haji|tukang|admin|operator|custo\w*|clean\w*|front\w*|anggota|resep\w*|"
    r"bh?ab\w*|bapak|i?bu|mas|mba|mbak|mbok|pak|kak|saudara|hamil|rumah|kantor|kota|desa|loket|sepuh|"
    r"warga|orang|suami|istri|ayah|pribadi|ahli|"
    # function words, of Java too; words without vowels and with common endings
    r"[b-df-hj-np-tv-xz]{3,}|\w{3,}(?:nya|kan)|yang|s[ei]ng|dari|dan|dengan|untuk|pada|itu|ini|tadi|juga|atau|"
    r"tapi|kal[ao]u?|nek|karena|waktu|sama|su?da?h|udah?|tida?k|[en]?n?gga?k|gak|ndak|"
    r"bukan|ora|mboten|w[ei]s|sangat|banget|cukup|lebih|paling|masih|akan|ada|kok|aja|lagi|malah|saja|"
    r"bisa|mau|boleh|baru|lain|saya|kami|tiap|ik[iu]t?|nik[iu]|"
    r"kulo|nuwun|monggo|ojok?|piye|alon|"
    # what is praised, blamed, asked, done
    r"ramah|baik|galak|cuek|sabar|sopan|lama|cantik|tegas|teliti|telaten|rajin|sigap|c[er]?rewet|"
    r"jujur|tua|muda|kasar|marah|"
    r"emosi|bingung|salah|benar|beda|hilang|"
    r"typo|mirip|sulit|susah|sakit|lumpuh|buta|tuna|gemuk|gendut|"
    r"baju|jilbab|kawin|kandung|jago|harap|sukses|masuk|"
    r"duduk|tulung|kirim|buat|buka|tutup|bayar|"
    r"bilang|bicara|jawab|datang|muncul|jadi|maaf|pakai|"
    r"atas|bawah|sambil|besok|pagi|siang|sore|malam|"
    r"nomor|jauh|depan|rusak|bulog|kulon|warung|"
    r"tag|internet|listrik|jaringan|komputer|blan[gk]?ko|lembaga|dia|"
    r"wae"
)
NO_NAME: Final = rf"(?!(?:{PLAIN})(?:nya|e|lah|ku)?\b)"
UNIT: Final = (
    r"(?:kali|jam|menit|mnt|hari|hr|minggu|bulan|bln|tahun|thn|th|orang|org|lembar|lbr|ribu|rb|juta|jt|km|m)\b"
)
HONOUR: Final = r"(?:(?:dr[as]?|ir|kh|hj?|[a-z])\. ?|dr[as] |h(?:j|aji)? |n?i |k[iy]ai ){0,2}"
KIN: Final = r"(?: (?:anak|suami|istri|ibu|bapak|ayah))?"
OWN: Final = r"(?:nya|ku| saya| sy| itu| adalah){0,2}"
PLATE: Final = (
    r"(?:[abd-hk-npr-twz][ .-]?\d|(?:a[abdeg]|b[abdeghk-npr]|d[a-eghk-nprstw]|e[abd]|k[bhtu]|p[abg])[ .-]?)\d{1,4}"
)
PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    # e-mail, also spelt out; handles
    (
        r"()[\w.+-]{1,64} ?(?:@|\bat\b|[\[(]at[\])]) ?[\w-]{1,40}"
        r"(?: ?(?:\.|\b(?:dot|titik)\b|[\[(]dot[\])]) ?[a-z]{2,}){1,3}",
        "i",
    ),
    (r"()[\w.+-]{0,64}@[a-z_][\w.]+", "i"),
    # days of birth, where they are called so
    (
        r"((?:\bttl|(?:^|[.,;] ?|\b(?!akt|sur|ket|bay)[a-z]{1,9} )(?:ke)?la?hi?r(?:an|nya)?)\b"
        r"(?:[ :,.]{1,2}[a-z]{2,12}\b){0,3}[ :,.]{0,2})"
        r"(?:\d{1,2}[ /.-]{1,2}(?:\d\d?|[a-z]{3,9})[ /.-]{1,2}\d{2,4}|\d{6,8})",
        "i",
    ),
    # NIK, KK, NIP and other long numbers; hours and years in a row are none
    (r"()(?:\d{10,}|\d(?:(?![ -](?:20\d\d 20\d|\d\d\.\d\d\b(?!\.)))[ .-]?\d){14,})", ""),
    # telephones: mobile, without its 0, of a town, abroad
    (
        r"()\(?(?:\+62(?:[ .()-]{0,2}\d){7,12}|\b(?:(?:62[ .()-]{0,2}|0 ?)8 ?[1-9](?:[ .()-]{0,2}\d){6,11}"
        r"|8[1-9]\d(?:[ .-]?\d){7,10}|0[2-9]\d{1,2}[ .()-]{0,3}\d{3,4}[ .-]?\d{2,}))",
        "",
    ),
    # numbers that are short, but called by their name
    (
        r"(\b(?:nik|nip|hp|wa|whatsapp|tele?p\w*|tlp\w*)\b(?: ?(?:no|nomor|saya|sy|nya|di|ke|rumah)\b){0,4}"
        r"[ .:=(]{0,3})(?!\d\d[.:]\d\d)\d(?:[ .-]?\d){5,}",
        "i",
    ),
    (r"(\b(?:no)?rek(?:ening)?\b[a-z :.]{0,25})\d(?:[ .-]?\d){8,}", "i"),
    # addresses
    (
        r"(\b(?:jln?|jalan|gg|gang|rumah)\b\.? ?)(?:(?!loket|ruang|kantor|depan|antr)[\w.'-]{1,20}[ ,]{1,2}){0,4}"
        r"(?:no|nomor|nomer|nmr)[ .:]{0,2}\d{1,4}[a-z]?\b",
        "i",
    ),
    (
        rf"(\b(?:jln?|jalan|gg|gang)\b\.? ?)(?:{NO_NAME}[a-z.'-]{{2,20}}[ ,]{{1,2}}){{1,3}}\d{{1,3}}[a-z]?\b"
        rf"(?! ?(?:x|{UNIT}))",
        "i",
    ),
    (
        r"()\b(?:r[tw][ .:/-]{0,2}){1,2}\d{1,3}(?:[ ,./-]{0,3}(?:rw[ .:]{0,2}|/)\d{1,3})?"
        rf"(?!\w| ?(?:x|{UNIT}))",
        "i",
    ),
    (r"()\bblok [a-z]{1,2}[ .-]?(?:no[ .]{0,2})?\d{1,3}(?:,? no[ .]{0,2}\d{1,3})?\b", "i"),
    # plates of vehicles
    (rf"()\b{PLATE}[ .-]?(?!(?:dan|di|ke|yg|kk|ktp|kia|tp|sd|ini|itu|pcs|nya|an|{UNIT})\b)[a-z]{{1,3}}\b", "i"),
    # names, in the three steps above
    (
        r"(\b(?:(?:pa?k|bapak|i?bu|mas|mba?k?|kak|kakak|a?bang|om|cak|gus|kang|mbah|pakde|bude|di[ek]k?|dek|sdri?|"
        r"saudar[ai]|nama petugas(?:nya)?|bernama|"
        rf"(?:atas nama|nama(?=nya|ku| saya| sy| anak| suami| istri| ibu| bapak| ayah)){KIN}{OWN}|"
        r"gang|dusun|dukuh|perum(?:ahan)?)(?:[ :]{1,3}|[.-])|"
        r"(?:bpk?|sdri?|a[./]n|tn|ny|alm\w{0,6}|ust\w{0,4}|gg|dsn|dkh)(?:\. ?| )|an\. ?|"
        r"(?:nama|ig|fb|instagram|facebook|tiktok|twitter) ?[:=] ?)"
        rf")(?={HONOUR}{NO_NAME}[a-z]{{3}})",
        "i",
    ),
    (r"(\b(?:ig|fb|instagram|tiktok)(?: saya)? )[a-z][\w.]*[_\d]\w[\w.]*", "i"),
    (r"(\b[Aa]n )(?=[A-Z][a-z]{2})", ""),
    (
        r"()###(?:(?:[Dd]r[as]?|Ir|KH|Hj?|[A-Z])\. ?|[Dd]r[as] |H(?:j|aji)? |N?[iI] |K[iy]ai ){0,2}[A-Z][a-z][\w'#]+"
        r"(?: [A-Z][a-z]\w*|,? [A-Z][a-z]?\.[A-Z][\w.]*| [A-Z]\b){0,4}(?:#[\w#]*)?",
        "",
    ),
    (rf"()###{HONOUR}[a-z](?:[.'-]?[\w#])*(?: {NO_NAME}[a-z]{{3,}}\b)?(?:#[\w#]*)?", "i"),
)
COMPILED: Final = tuple(
    (re.compile(pattern, re.ASCII | (re.IGNORECASE if flags else 0))) for pattern, flags in PATTERNS
)


def mask(text: str) -> str:
    """Return `text` with ### in place of what tells who somebody is; masking twice changes nothing more."""
    for pattern in COMPILED:
        text = pattern.sub(rf"\g<1>{MARK}", text)
    return text
