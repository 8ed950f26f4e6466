"""Every kind of wrong argument: the rows of ``test_bad_input``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Callable

from conftest import ROOT, SECRET

from justclick import InvalidArgument

HEADER = (ROOT / "include/justclick.h").read_text("utf-8")
SETTINGS = re.findall(r'^#define JC_SETTING_\w+ "(\w+)"$', HEADER, re.M)

#: No message may hold these: a secret that is wrong, and what every lead's values are made of.
HIDDEN = ("eheimnis", "emand", SECRET)
ADDRESS = "jemand@b.ru"
GOOD: dict[str, object] = {"rid": ["super"], "lead_email": ADDRESS}
OVER_LONG = "jemand" * 50_000
TOO_MANY = dict.fromkeys((f"x{number}" for number in range(1000)), "jemand")


@dataclass
class Bench:
    """What the rows act upon."""

    url: str
    client: Any
    blocking: Any
    make: Callable[..., Any]
    outbox: Any
    blocking_outbox: Any
    make_outbox: Callable[[str], Any]


@dataclass
class Row:
    """One wrong argument: of what, in which way, and what the error has to say."""

    what: str
    how: str
    call: Callable[[Bench], object]
    says: tuple[str, ...]
    error: type[Exception] = InvalidArgument

    def __str__(self) -> str:
        return f"{self.what}: {self.how}"


Kind = tuple[str, Any, str]

LOSES = "a number with a fraction or an exponent loses digits"
NO_TEXT = "a string is needed, not bytes"
#: What is no text, wherever one belongs.
TYPES: list[Kind] = [
    ("a float", 1.5, LOSES),
    ("a float that is whole", 5.0, LOSES),
    ("a float that is no number", float("nan"), "nan is no number to send"),
    ("an object", object(), "a string is needed, not object"),
    ("a set", {"jemand"}, "a string is needed, not set"),
    ("a bytearray", bytearray(b"jemand"), "a string is needed, not bytearray"),
    ("a huge number", 10**5000, "the number has too many digits"),
]
TEXTS: list[Kind] = [
    ("a NUL byte", "jemand\0", "byte 6 is a NUL byte"),
    ("a lone surrogate", "jemand\udc80", "character 6 is half of a surrogate pair"),
    ("a surrogate in the middle", "jemand\ud800@b.ru", "character 6 is half of a surrogate pair"),
    ("bytes", b"jemand", NO_TEXT),
]
#: Settings are texts of the program, and may be bytes.
SETTING_TEXTS: list[Kind] = [
    *TEXTS[:3],
    ("bytes that are no UTF-8", b"jemand\xff", "byte 6 is not valid UTF-8"),
]
LISTS: list[Kind] = [
    ("a list", ["jemand"], "one value, not a list"),
    ("a tuple", ("jemand",), "one value, not a list"),
    ("a dict", {"x": "jemand"}, "one value, not a list"),
    ("an empty list", [], "one value, not a list"),
]
CONTAINERS: list[Kind] = [
    (type(value).__name__, value, f"a string is needed, not {type(value).__name__}")
    for value in (["jemand"], {"x": "jemand"}, ())
]
LONG: Kind = ("over-long", OVER_LONG, "300000 bytes are too long; at most 262144")

USERNAMES: list[Kind] = [
    (repr(value)[:20], value, "it takes 1 to 63 of the characters a-z, 0-9 and -")
    for value in [
        *["", " ", "evil.example/", "evil.example", "a@b", "a:b@c", "..", "Upper", "почта", "-a"],
        *["a-", "a b", "a\r\nHost: b", "a/../b", "a%2e", "a#", "a?b", "a\\b", "a_b", "ａ", "٣"],
        *["a" * 64, "\U0010ffff" * 64, "👩" * 64],
    ]
]
NOT_TEXT: list[Kind] = [
    (type(value).__name__, value, f"a string is needed, not {type(value).__name__}")
    for value in [None, 5, True, 1.5, [], {}, object(), bytearray(b"a"), 10**5000]
]
SECRETS: list[Kind] = [(repr(value), value, "secret: it is empty") for value in ["", " \r\n"]]
CREDENTIALS: list[Kind] = [
    *NOT_TEXT,
    ("a NUL byte", "Geheimnis\0", "byte 9 is a NUL byte"),
    ("a lone surrogate", "Geheimnis\udc80", "character 9 is half of a surrogate pair"),
    ("bytes that are no UTF-8", b"Geheimnis\xff", "byte 9 is not valid UTF-8"),
    ("over-long", "Geheimnis" * 200, "1800 bytes are too long; at most 1024"),
]
EMAILS: list[Kind] = [
    ("empty", "", "empty"),
    ("blank", " \r\n", "empty"),
    ("no @", "jemand", "no @"),
    ("two @", "jemand@b@c", "more than one @"),
    ("nothing before the @", "@jemand", "nothing stands before"),
    ("nothing after the @", "jemand@", "nothing stands after"),
    ("a blank inside", "jemand @b.ru", "blank or a control character at byte 6"),
    ("another header", "jemand@b.ru\r\nBcc: x@y", "blank or a control character at byte 11"),
    ("too long for an address", "jemand" * 60 + "@b.ru", "365 bytes are too long; at most 320"),
    ("None", None, "set lead_email"),
    ("a number", 5, "no @"),
]
GROUPS: list[Kind] = [
    *[
        (f"{type(value).__name__} for the list", value, "rid: it takes a list of groups, not one")
        for value in ["jemand", 5, True]
    ],
    *[
        (f"{type(value).__name__} for the list", value, "rid: a string is needed, not")
        for value in [{"jemand"}, iter(["jemand"]), object(), b"jemand"]
    ],
    ("a float for the list", 1.5, f"rid: {LOSES}"),
    ("none", [], "no group; add at least one (rid[0])"),
    ("None in the list", [None], "no group; add at least one (rid[0])"),
    ("an empty one", ["jemand", ""], "rid[1]: a group's identifier cannot be empty"),
    ("a blank one", [" "], "rid[0]: a group's identifier cannot be empty"),
    ("a list in the list", [["jemand"]], '"rid[0][0]" is no group'),
    ("over-long", ["jemand" * 200], "rid[0]: 1200 bytes are too long; at most 1024"),
    ("901", ["jemand"] * 901, "rid[900]: one request takes at most 900 groups"),
    *[(f"{how} in the list", [value], f"rid[0]: {rule}") for how, value, rule in TEXTS + TYPES],
]
EXTRAS: list[Kind] = [
    *[
        (type(value).__name__, value, f"extra: a dict is needed, not {type(value).__name__}")
        for value in [None, [], "jemand", 5, [("a", "b")]]
    ],
    ("the hash", {"hash": "jemand"}, '"hash": the hash is made by the library'),
    ("a group", {"rid[9]": "jemand"}, '"rid[9]": groups are added as groups'),
    ("a known field", {"tag": "jemand"}, '"tag": "tag" is a documented field'),
    ("an array of a known field", {"tag[x]": "jemand"}, '"tag[x]": one name cannot be both'),
    ("a value and an array", {"a": 1, "a[b]": "jemand"}, '"a[b]": "a" is set already'),
    ("a dot in the name", {"a.b": "jemand"}, '"a.b": PHP would change this name'),
    ("an open bracket", {"a[b": "jemand"}, '"a[b": PHP would change this name'),
    ("a line break in the name", {"a\r\nb": "jemand"}, r'"a\r\nb": PHP would change this name'),
    ("an empty name", {"": "jemand"}, '"": PHP would change this name'),
    ("a NUL byte in the name", {"a\0": "jemand"}, r"a\x00: there is a NUL byte in the name"),
    ("a surrogate in the name", {"a\udc80": "jemand"}, r"a\udc80: character 1 is half"),
    ("a name that is bytes", {b"a": "jemand"}, "a name must be a string, not bytes"),
    ("a long name", {"a" * 257: "jemand"}, "257 bytes are too long; at most 256"),
    ("a name that is long when shown", {"." + "\U0010ffff" * 60: ""}, "PHP would change this name"),
    ("too many", TOO_MANY, "1002 parameters are too many; the service reads at most 1000"),
    ("a list as the value", {"a": ["jemand"]}, "a: a string is needed, not list"),
    ("a dict as the value", {"a": {"b": "jemand"}}, "a: a string is needed, not dict"),
    ("over-long", {"a": OVER_LONG}, '"a": 300000 bytes are too long'),
    *[(how, {"a": value}, rule) for how, value, rule in TEXTS + TYPES[3:]],
    *[(f"the float {value}", {"a": value}, "not float") for value in (1.5, 5.0)],
]
#: Dicts of the service's own names; what a typed lead can have wrong as well stands above.
DICTS: list[Kind] = [
    ("nothing", {}, "no group"),
    ("no address", {"rid": ["jemand"]}, "set lead_email"),
    ("a mistyped name", {**GOOD, "lead_nmae": "jemand"}, 'no field "lead_nmae"; did you mean'),
    ("another case", {**GOOD, "Lead_Name": "jemand"}, 'no field "Lead_Name"; did you mean'),
    ("an unknown empty list", {**GOOD, "nosuch": []}, 'no field "nosuch[0]"'),
    ("an unknown name of None", {**GOOD, "nosuch": None}, 'no field "nosuch"'),
    ("a hash", {**GOOD, "hash": "jemand"}, 'no field "hash"'),
    ("an empty name", {**GOOD, "": "jemand"}, 'no field ""'),
    ("a long name", {**GOOD, "x" * 9999: "jemand"}, f'no field "{"x" * 64}…"'),
    ("a line break in a name", {**GOOD, "tag\r\n": "jemand"}, r'no field "tag\r\n"'),
    ("a NUL byte in a name", {**GOOD, "tag\0": "jemand"}, r'no field "tag\0"'),
    ("a surrogate in a name", {**GOOD, "tag\udc80": "jemand"}, r"tag\udc80: character 3 is half"),
    *[
        (f"the name {name!r:.9}", {**GOOD, name: value}, f'no field "{shown}')
        for name, shown in [(None, "null"), (5, "5"), (1.5, "1.5")]
        for value in ["jemand", ["jemand"]]
    ],
    *[
        (f"a name that is {type(name).__name__}", {**GOOD, name: value}, "a name must be a string")
        for name in [b"tag", ("tag",)]
        for value in ["jemand", ["jemand"]]
    ],
    ("a huge name", {**GOOD, 10**5000: "jemand"}, "the number has too many digits"),
    ("one value as the groups", {**GOOD, "rid": "jemand"}, "rid: it takes a list of groups"),
    ("None as the groups", {**GOOD, "rid": None}, "the lead has no group"),
    ("one value as utm", {**GOOD, "utm": "jemand"}, "utm: it takes a value for each of its names"),
    ("an unknown utm", {**GOOD, "utm": {"x": "jemand"}}, 'no field "utm[x]"'),
    ("a dict in utm", {**GOOD, "utm": {"utm_term": {"a": "b"}}}, "utm[utm_term]: it takes one"),
    *[
        (f"the group {key!r}", {**GOOD, "rid": {key: "jemand"}}, f'"rid[{key}]" is no group')
        for key in ["x", "", "01", "-1", -1, "a]", "0[0]", "٣", 1.5]
    ],
    ("the group None", {**GOOD, "rid": {None: "jemand"}}, '"rid[null]" is no group'),
    *[
        (f"a {type(key).__name__} as a key", {"rid": {key: "x"}}, "rid: a name must be a string")
        for key in [b"x", ("a",)]
    ],
    ("a huge key", {"rid": {10**5000: "jemand"}}, "rid: the number has too many digits"),
    ("the group 900", {**GOOD, "rid[900]": "jemand"}, "rid[900]: one request takes at most 900"),
    ("the group 10^30", {f"rid[{10**30}]": "jemand"}, f"rid[{10**30}]: one request takes at most"),
    ("an affiliate", {**GOOD, "utm": {"utm_medium": "affiliate"}}, "utm[utm_source] must be"),
]
ROUND: dict[str, object] = {}
ROUND["tag"] = ROUND
#: The parameters of a call by its name.
PARAMETERS: list[Kind] = [
    ("a NUL byte", {"a": "jemand\0"}, '"a": byte 6 is a NUL byte'),
    ("a lone surrogate", {"a": ["b", "jemand\udc80"]}, "a[1]: character 6 is half of a surrogate"),
    *[(how, {"a": {"b": value}}, f"a[b]: {rule}") for how, value, rule in TYPES],
    ("bytes", {"a": b"jemand"}, f"a: {NO_TEXT}"),
    ("itself", ROUND, "more than 64 arrays within each other"),
    ("a name that is bytes", {b"a": "jemand"}, "a name must be a string, not bytes"),
    ("a name that PHP would change", {"a.b": "jemand"}, '"a.b": PHP would change this name'),
    ("the hash", {"hash": "jemand"}, "hash"),
]
FUNCTIONS: list[Kind] = [
    *[
        (f"the function {value!r:.20}", value, "is no name of a function")
        for value in ["", " ", "../x", "Get AllGroups", "Get?x", "a" * 65, "почта", "a\0"]
    ],
    *NOT_TEXT,
    ("a lone surrogate", "Get\udc80", "function: character 3 is half of a surrogate pair"),
]
NEEDED: list[Kind] = [(repr(value), value, "is missing or empty") for value in ["", " ", None]]
NUMBERS: list[Kind] = [
    (repr(value), value, "it is a whole number from 1 to")
    for value in [0, -1, -(2**63), 2**32 + 1, 2**64, 600_001, "", "soon", "1e3", "0x10", "+5", " 5"]
] + [(repr(value), value, "it is a whole number from 1 to") for value in ["5\r\n", "٣", "1.5"]]
FLAGS: list[Kind] = [
    (repr(value), value, "it is 1 or 0") for value in ["yes", "", 2, -1, "true", "1\r\n", "01"]
]
BASE_URLS: list[Kind] = [
    (repr(value)[:40], value, "it is https://host, with a port or a path where needed")
    for value in [
        *["x", "ftp://b.ru", "https://", "//b.ru", "https:///x", "https://b.ru?x", "https://b.ru#"],
        *["https://login:Geheimnis@b.ru", "Geheimnis@b.ru", "https://b.ru\r\nX: y", "https://b b"],
        *["https://почта.рф", "https://[::1", "https://..", "https://b.ru:x", "https://b.ru:"],
        *["https://b.ru:99999", "https://b.ru:0", "https://:80", "https://b.ru/../x", "file:///"],
        *["https://b.ru\\x", 5, True, "javascript:x", "https://b.ru/a b"],
    ]
]
PROXIES: list[Kind] = [
    ("a login and no port", "http://login:Geheimnis@b.ru:x", "malformed"),
    *[(repr(value), value, "malformed") for value in ["http://", "http://b.ru:99999", "http://["]],
    *[(repr(value), value, "malformed") for value in ["b.ru\r\nX: y", "почта", "http://b:0"]],
    *[(repr(value), value, "must be an http://") for value in ["socks5://b.ru", "ftp://b.ru"]],
]
AGENTS: list[Kind] = [
    (repr(value)[:20], value, "it is 1 to 256 printable ASCII characters")
    for value in ["", " ", "a\r\nX: y", "a\nb", "\t", "\x7f", "я", "a" * 257]
]
SERVICES: list[Kind] = [
    (repr(value), value, "it is one of justclick.ru, justclick.io, influencersoft.com")
    for value in ["", "b.ru", "justclick.ru/", "JUSTCLICK.RU", "justclick.ru\r\n", "x@justclick.ru"]
]
CA_FILES: list[Kind] = [
    ("no such file", "/nonexistent/a\r\nb", r"/nonexistent/a\r\nb: No such file"),
    ("a long path", "/nonexistent/" + "x" * 600, "No such file"),
    ("a folder", "/", "/: it is a folder"),
    ("a device", "/dev/null", "/dev/null: it is a device"),
    ("no certificates", "/etc/passwd", "it holds no certificate"),
]
#: Nothing is wrong with the lead.
SET_UP = {"http:// to another machine", *(how for how, _, _ in CA_FILES)}
OF_SETTING: dict[str, list[Kind]] = {
    "service": SERVICES,
    "base_url": [*BASE_URLS, ("http:// to another machine", "http://b.ru", "set allow_http to 1")],
    "allow_http": FLAGS,
    "connect_timeout_ms": NUMBERS,
    "attempt_timeout_ms": NUMBERS,
    "timeout_ms": NUMBERS,
    "max_attempts": [*NUMBERS, ("11", 11, "from 1 to 10")],
    "proxy": PROXIES,
    "ca_file": CA_FILES,
    "share_connections": FLAGS,
    "user_agent": AGENTS,
}
UNKNOWN_SETTINGS: list[Kind] = [
    ("mistyped", "timout_ms", 'no setting "timout_ms"; did you mean "timeout_ms"?'),
    ("another case", "Timeout_Ms", 'no setting "Timeout_Ms"; did you mean "timeout_ms"?'),
    ("empty", "", 'no setting ""'),
    ("a long name", "x" * 9999, f'no setting "{"x" * 64}…"'),
    ("a line break", "a\r\nb", r'no setting "a\r\nb"'),
    ("a NUL byte", "timeout_ms\0", r"timeout_ms\x00: there is a NUL byte in the name"),
    ("a lone surrogate", "timeout_ms\udc80", r"timeout_ms\udc80: character 10 is half"),
]
NO_BYTES: list[Any] = [None, "{}", 5, [], {}, bytearray(b"{}"), memoryview(b"{}")]
BODIES: list[Kind] = [
    (type(value).__name__, value, f"body: bytes are needed, not {type(value).__name__}")
    for value in NO_BYTES
]
#: Bytes that are no answer, and one that another secret's owner wrote.
ANSWERS: list[Kind] = [
    ("empty", b"", "it is empty"),
    ("a NUL byte", b"\0", "it is not one JSON object"),
    ("no UTF-8", b"\xff", "its byte 0 is not valid UTF-8"),
    ("over-long", b"x" * 9_000_000, "larger than 8388608 bytes"),
    ("deep", b"[" * 60_000, "it is not one JSON object"),
    ("no answer", b"{}", '"error_code" is missing'),
]
ANSWER = b'{"error_code":0,"error_text":"OK","hash":"b60bb23ab72ead13463d1205065965a5"}'
