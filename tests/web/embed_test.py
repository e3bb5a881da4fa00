"""tools/embed.py: what it writes, and that it refuses what the page's own policy would refuse."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = '<!doctype html><html><head><script type="module" src="/assets/a-1.js"></script></head><body></body></html>'


def embed(files):
    with tempfile.TemporaryDirectory() as folder:
        dist, out = pathlib.Path(folder, "dist"), pathlib.Path(folder, "out.cpp")
        for name, text in files.items():
            path = dist / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        done = subprocess.run([sys.executable, "-B", str(ROOT / "tools/embed.py"), str(dist), str(out)],
                              capture_output=True, text=True)
        return done, out.read_text() if out.exists() else ""


class Embed(unittest.TestCase):
    def test_writes_the_same_source_twice(self):
        files = {"index.html": PAGE, "assets/a-1.js": "x=1;" * 500, "favicon.svg": "<svg/>"}
        first, source = embed(files)
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertEqual(source, embed(files)[1])
        self.assertIn("std::array<Asset, 3>", source)

    def test_bytes_survive_the_compiler(self):
        data = bytes(range(256)) * 3 + b'??/"\\\n'
        done, source = embed({"index.html": PAGE, "a.png": data})
        self.assertEqual(done.returncode, 0, done.stderr)
        start = source.index("bytes_0[]")
        literal = source[start:source.index("constexpr char gzip_0")]
        rows = [line.strip().rstrip(";") for line in literal.splitlines()[1:] if '"' in line]
        pieces = [row[1:-1] for row in rows]
        plain = "".join(pieces).replace("\\?", "?")
        read = plain.encode().decode("unicode_escape").encode("latin-1")
        self.assertEqual(read, data)

    def test_refuses_what_the_policy_would_refuse(self):
        cases = [
            ("<script>x()</script>", "an inline script"),
            ("<style>a{}</style>", "an inline style sheet"),
            ('<p style="color:red">', "a style attribute"),
            ('<p onclick="x()">', "an inline event handler"),
            ('<link rel="stylesheet" href="https://cdn.example/x.css">', "a file of another host"),
            ('<script src="//cdn.example/x.js"></script>', "a file of another host"),
        ]
        for text, words in cases:
            done, _ = embed({"index.html": PAGE.replace("<body>", "<body>" + text)})
            self.assertNotEqual(done.returncode, 0, text)
            self.assertIn(words, done.stderr)

    def test_refuses_unknown_kinds_foreign_styles_and_a_missing_index(self):
        for files, words in [({"index.html": PAGE, "a.exe": "x"}, "unknown kind"),
                             ({"index.html": PAGE, "a.css": "@import 'https://x.example/a.css';"}, "another host"),
                             ({"about.html": PAGE}, "no index.html")]:
            done, _ = embed(files)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
