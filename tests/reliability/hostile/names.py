"""Names that an installer, a customer or an attacker could leave behind, by kind and by seed."""

from collections.abc import Iterator
from random import Random

C0, C1 = range(0x20), range(0x7F, 0xA0)
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u2060\u2061\u2800\u3164\ufeff\uffa0"
)
SPACES = "\u0085\u00a0\u1680\u2000\u2003\u2007\u2009\u2028\u2029\u202f\u205f\u3000"
STACKS = (
    "\u0301\u0335\u0489\u0610\u064b\u05b0\u0e49\u0e38\u0f71\u1ab0\u1dc4\u20dd\u20e3\ufe0f\ufe20"
)
PIECES: dict[str, tuple[str, ...]] = {
    "plain": ("Acme", "Smith & Sons Ltd", "PC-0231", "Müller GmbH", "O'Brien", "株式会社", "NA", "00123"),
    "markup": (
        "<b>", "</td></tr></table>", "<!-- x", "-->", "<bdi>", "</bdi>", "<mark>", "<a href=x>y</a>",
        "<style>*{display:none}</style>", "</title>", "<meta http-equiv=refresh content=0>", "<", ">",
        "<![CDATA[", "]]>", "<?xml ?>", "<!DOCTYPE html>", "<base href=//evil.example>", "</x",
    ),
    "attribute": (
        '"', "'", '" onmouseover="alert(1)', "' autofocus onfocus=alert(1) x='", "` onload=x", 'x="y"',
        '"><img src=x onerror=alert(1)>', "'/><svg/onload=alert(1)>", 'style="x:expression(1)"',
    ),
    "script": (
        "<script>alert(1)</script>", "</script><script>alert(2)", "<!--<script>", "javascript:alert(1)",
        "<iframe srcdoc='<script>x</script>'>", "data:text/html,<script>x</script>", "</style></script>",
    ),
    "entity": ("&amp;", "&#60;b&#62;", "&lt;i&gt;", "&#x202e;", "&#0;", "&zwj;", "&nbsp", "&#xD800;", "&"),
    "template": (
        "{{7*7}}", "{{ view.result }}", "{% include '/etc/passwd' %}", "{% raw %}", "{% endraw %}", "{# x",
        "${7*7}", "{0.__class__}", "{name}", "{n}", "{", "}", "{{", "%companyname%", "#{7*7}", "<%= 7 %>",
    ),
    "formula": (
        "=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("https://evil.example","x")', "\t=1", "\r=1", "\n=1",
        "  =1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201", "'=1", '"=1"', ";=1", ",=1", "=_xlfn.A()",
        "_x003D_1+1", "_x000D_", "_x202E_", "_x005F_x000A_", "http://evil.example", "mailto:a@b.example",
        "\\\\evil.example\\share", "internal:'A'!A1", "external:c:\\x.xlsx", "\u00a0=1", "\ufeff=1",
    ),
    "dde": ("=cmd|' /C calc'!A0", "@cmd|'/c calc'!A1", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C x'!A0", 'DDE("a")'),
    "header": (
        "x\r\nBcc: all@evil.example", "x\nBcc: y@evil.example", "x\r\rTo: z", "x\r\n\r\n<b>body</b>",
        "=?utf-8?q?=0D=0ABcc:_x?=", "=?utf-8?b?PGI+?=", "a@b.example, c@d.example", "\r\n.\r\nQUIT\r\n",
        "x\x0bBcc: y", "x\x0cBcc: y", "x\u2028Bcc: y", "x\x85Bcc: y", "--=boundary--", "\r\n 2026 error: y",
    ),
    "nul": ("\0", "x\0y", "\0\0\0", "a%00b"),
    "control": tuple(f"a{chr(code)}b" for code in (*C0, *C1)),
    "terminal": (
        "\x1b[2J", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\",
        "\x9b2J", "\x9d0;t\x9c", "\x1bc", "\x1bP+q\x1b\\", "\x08\x08\x08", "\x7f\x7f", "\x1b[1A\x1b[2K", "[bold]x[/]",
        "\x1b]52;c;ZXZpbA==\x07", "\\x1b[2J", "\\u202e",
    ),
    "bidi": (*(f"a{c}gpj.exe" for c in BIDI), "\u202e" * 40, "\u2066x\u2069\u2069\u2069"),
    "unseen": (*(f"Ac{c}me" for c in UNSEEN), "\u200b", "\U000e0041\U000e007f", "\ufff9x\ufffb", "\U0001d173"),
    "space": (*(f"A{c}B" for c in SPACES), " ", "   ", " A", "A ", "A  B", ""),
    "stacked": (*("Z" + c * 60 for c in STACKS), "q\u0310\u0311\u0312\u0313\u0314\u033d\u034a" * 20, "\u0301" * 9),
    "surrogate": ("\ud800", "x\udfffy", "\udc80\udcff", "\ud83d", "\ude00\ud83d", "\ufffe", "\U0010ffff", "\ue000"),
    "long": ("A" * 4_096, "B" * 4_097, "<b>" * 2_000, "\u202e" * 5_000, "=1+" * 1_500, "w w" * 3_000, "é" * 32_768),
    "emoji": ("\U0001f469\u200d\U0001f527", "\U0001f1ea\U0001f1f8", "\u2764\ufe0f", "1\ufe0f\u20e3", "\U0001f9d1\U0001f3fd"),
    "right-to-left": ("שלום", "مؤسسة الأمل", "حساب 123 abc", "א=1", "\u0627\u0644\u0644\u0647", "ܫܠܡܐ", "ߒߞߏ"),
    "path": (
        "../../etc/passwd", "..\\..\\windows\\win.ini", "/dev/null", "C:\\x", "file:///etc/passwd", "a/b", ".", "..",
        "~root", "-rf", "--help", "x;rm -rf /", "$(id)", "`id`", "|cat", "index.html", ".htaccess", "%2e%2e%2f",
    ),
    "device": ("CON", "PRN", "AUX", "NUL", "COM1", "LPT1.txt", "con.csv", "CONIN$", "a:b", "x::$DATA", "name.", "*?"),
    "format": ("%s%n%(x)s", "%d" * 30, "{:>999999999}", "%00", "%%", "%(message)s", "$name", "{!r}", "\\n\\r", "\\N{DASH}"),
    "lookalike": (
        "\u0410\u0441me", "\u0391cme", "Acm\u0435 Ltd", "\ufb01ne", "\u2160BM", "\u0410" * 5, "\u24b6cme",
        "\U0001d400cme", "l1I|", "\u1160A", "\uff1cb\uff1e", "\uff1cscript\uff1e", "\u2024\u2024/",
    ),
    "query": ("'; DROP TABLE record; --", "1 OR 1=1", '" OR ""="', "null", "None", "true", "NaN", "[]", "undefined"),
}  # fmt: skip
"""What a name may be made of; each also stands as a name by itself."""


def names(count: int, seed: int) -> list[str]:
    """Every piece as a name, all controls among them, then random joins, the same for a seed."""
    alone = [piece for pieces in PIECES.values() for piece in pieces]
    if count < len(alone):
        raise ValueError(f"{len(alone)} names are the least")
    return [*alone, *_joined(count - len(alone), Random(seed))]


def _joined(count: int, rng: Random) -> Iterator[str]:
    kinds = list(PIECES)
    for _ in range(count):
        chosen = rng.choices(kinds, k=rng.choice((1, 2, 2, 3, 4)))
        name = rng.choice(("", "", " ", "-", "Acme ")).join(rng.choice(PIECES[k]) for k in chosen)
        if rng.random() < 0.1:
            name = name[::-1]
        if rng.random() < 0.1:
            name = "".join(rng.sample(name[:80], len(name[:80])))
        yield name


DANGEROUS = "<>&\"'={}%/$+!|;*"
TAME = str.maketrans(DANGEROUS, "¤¥¦§©¬®±¿¶÷×†‡•∆")


def tame(text: str) -> str:
    """The same shape without anything that any format gives a meaning to.

    As long, with the same words, spaces and unseen characters: whatever is printed of it differs
    only in these characters, or the name has become something else than text.
    """
    return text.translate(TAME)
