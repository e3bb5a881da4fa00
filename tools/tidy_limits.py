"""The limits that tools/tidy checks, as tables: libraries and their rooms, banned words and their remedy."""
import re

STAGES = ["signals", "forecast", "decide", "sell", "fulfil", "measure"]
CODE = (".cpp", ".h", ".hpp", ".c", ".cc")
SCRIPT = (".py", ".sh", ".ts", ".js", ".svelte", ".css", ".html", ".cmake", ".sql", "")
TEXT = CODE + SCRIPT + (".txt", ".md", ".json", ".toml", ".yml", ".yaml", ".csv", ".tsv", ".lua")

# library header -> the rooms that may include it ("*_test" and friends may include everything)
LIBRARIES = [
    (r"boost/(asio|beast)", ("edge/http", "edge/stripe")),
    (r"boost/json", ("base", "edge/")),
    (r"boost/describe", ("base/describe", "base/record.h", "model")),
    (r"boost/math", ("flow/forecast", "flow/decide", "flow/measure", "sim")),
    (r"sqlite3\.h", ("edge/sqlite",)),
    (r"libpq-fe|pqxx", ("edge/postgres",)),
    (r"nats", ("edge/nats",)),
    (r"openssl/", ("edge/http", "edge/mail")),
    (r"curl/", ("edge/mail", "edge/http")),
    (r"zlib\.h", ("edge/files", "edge/http")),
    (r"toml\+\+|toml\.hpp", ("edge/files", "edge/cli", "app")),
    (r"CLI/", ("edge/cli", "app")),
    (r"spdlog/", ("base/log", "edge/", "app")),
    (r"sodium", ("base", "edge/")),
    (r"date/", ("base", "edge/")),
    (r"sys/socket|sys/epoll|netinet/|arpa/inet|netdb", ("edge/",)),
]

# what must not be written -> (where it may, why, what instead)
CLOCKS = ("base/clock",)
BANNED = [
    (r"\b(?:std::)?s?rand\s*\(|std::random_device|std::mt19937\w*|std::\w+_distribution\b", ("base/random",),
     "a run must repeat from its seed", "take a Random that is passed in (base/random.h)"),
    (r"\bsystem_clock\b|\b(?:gettimeofday|clock_gettime)\s*\(|(?<![\w.>:])(?:std::)?time\s*\(\s*(?:NULL|nullptr|0|&)",
     CLOCKS,
     "nothing but the clock asks what time it is", "take an Instant or a Clock that is passed in (base/clock.h)"),
    (r"\b(?:steady_clock|high_resolution_clock)\b", ("base/clock", "engine", "edge/", "app", "sim"),
     "rules see time only in the Moment of their command", "read Moment::at"),
    (r"\b(?:localtime|gmtime|mktime|strftime|ctime|asctime)(?:_r)?\s*\(|\bsetlocale\s*\(", (),
     "zone and locale of the machine must not show", "use base/instant.h, or date/tz.h at the edge"),
    (r"\bthrow\b", (), "our own code does not throw", "return a Result with a Fault, or a refusal"),
    (r"(?<!\w)assert\s*\(", (), "a check that vanishes in release protects nobody", "use CHECK (base/check.h)"),
    (r"\b(?:std::)?(?:v?[fsd]?n?printf|f?puts|putchar)\s*\(", ("base/check", "edge/cli", "app"),
     "output has one door, and its formats are checked", "use fmt, the log (base/log.h), or edge/cli"),
    (r"\bstd::(?:cout|cerr|clog)\b", ("edge/cli", "app"),
     "output has one door", "use the log (base/log.h) or edge/cli"),
    (r"\b(?:atoi|atol|atoll|atof|strto[a-z]+)\s*\(|\bstd::sto(?:i|l|ll|ul|ull|d|f|ld)\s*\(", (),
     "these take rubbish for a number, or throw", "use std::from_chars and name the field in the error"),
    (r"\b(?:strcpy|strcat|strtok|gets|alloca)\s*\(", (), "no bounds", "use std::string, std::string_view, std::array"),
    (r"(?<![\w.>:])(?:std::)?(?:system|popen)\s*\(", (), "no shell", "call the library"),
    (r"(?<![\w(])new\s+[A-Za-z_:]", (), "no owner", "use std::make_unique, or hand it to its owner at once"),
    (r"\bstd::endl\b", (), "it flushes", r"write '\n'"),
    (r"\bstd::async\b|\.detach\s*\(\s*\)", (),
     "a thread that nobody joins outlives what it uses", "use std::jthread and join it"),
    (r"\bgetenv\s*\(", ("app", "edge/cli"), "settings come in one way", "read settings in app/"),
    (r"\bsleep_for\b|\bsleep_until\b|\bu?sleep\s*\(", ("sim", "app", "edge/cli"),
     "a sleep is a guess", "wait on a condition variable or a timer"),
    (r"\busing\s+namespace\s+std\s*;", (), "names collide", "write std::"),
    (r"\bgoto\b", (), "no jumps", "use a function and return"),
]

FLOAT_ROOMS = ("flow/forecast", "flow/decide", "flow/measure", "sim")
VOCABULARY = ("src/engine/dispatch", "src/engine/replay", "src/model/", "tools/")
SQL = re.compile(r"\"\s*(?:SELECT \S|INSERT (?:OR \w+ )?INTO|REPLACE INTO|UPDATE \w+ SET|DELETE FROM|PRAGMA |VACUUM"
                 r"|CREATE (?:UNIQUE |TEMP )?(?:TABLE|INDEX|VIEW)|ALTER TABLE|DROP TABLE"
                 r"|(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT)(?=[ ;\"]))")
LEFT_OVER = re.compile("|".join((r"\bTO" r"DO\b", r"\bFIX" r"ME\b", r"\bX" r"XX\b", r"\bHA" r"CK\b",
                                 r"\bunimple" r"mented\b", r"\bnot imple" r"mented\b")))
MACHINE = re.compile(r"(?<![\w.}])/(?:work|farm|root|Users)/|/home/(?!dropsmith\b)\w+/")
WIDTH, LINES, FUNCTION, BLOB = 120, 500, 100, 300_000
NOTE_FUNCTION, NOTE_HEADER = 70, 150
