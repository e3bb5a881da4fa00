"""The unit that is shipped for systemd: its exposure as systemd itself rates it is at most 2.0, with the shop on
loopback behind a proxy and with a shop that serves the world; its command line is one that the program takes. First
the alarm is proven: the same unit without its locks is rated far worse."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import ROOT, program  # noqa: E402

UNIT = ROOT / "packaging/dropsmith.service"
MOST = 2.0


def exposure(text):
    with tempfile.TemporaryDirectory(prefix="dropsmith-unit-") as folder:
        unit = pathlib.Path(folder, "dropsmith.service")
        # systemd wants to find the program; where it lies is not what is rated
        unit.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.M))
        run = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        found = re.search(r"Overall exposure level for dropsmith.service: ([0-9.]+)", run.stdout)
        assert found, run
        return float(found.group(1))


class UnitFile(unittest.TestCase):
    def setUp(self):
        self.text = UNIT.read_text()

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed: the unit is not rated")
    def test_exposure(self):
        bare = re.sub(r"^(?!\[|Exec|Description).*\n", "", self.text, flags=re.M)
        self.assertGreater(exposure(bare), 5, "a unit without locks must be rated badly")
        self.assertLessEqual(exposure(self.text), MOST)
        world = re.sub(r"^IPAddress.*\n", "", self.text, flags=re.M)
        self.assertLessEqual(exposure(world), MOST)

    def test_its_command_line_is_taken(self):
        words = re.search(r"^ExecStart=\S+ (.*)$", self.text, flags=re.M).group(1).split()
        said = subprocess.run([program(), words[0], "--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(said.returncode, 0, said)
        for flag in [word for word in words if word.startswith("--")]:
            self.assertIn(flag, said.stdout)

    def test_its_folder_is_the_one_that_it_may_write(self):
        folder = re.search(r"--data (\S+)", self.text).group(1)
        self.assertEqual(folder, "/var/lib/" + re.search(r"^StateDirectory=(\S+)$", self.text, flags=re.M).group(1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
