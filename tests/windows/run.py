#!/usr/bin/env python3
"""Runs the program as its users do on Windows, or under Wine, and says one line per case; ends at the first that is wrong.

  run.py --program leastwise.exe --simulator psa-sim --helper helper.exe [--same-as leastwise] [--wine] [CASE…]

--same-as names the program of another system, whose text has to be the same. The simulator is one of this system.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DAY = ["--as-of", "2026-11-22"]
LIMIT = 120

options = argparse.ArgumentParser()
options.add_argument("cases", nargs="*", help="names of functions; without one, all")
for name in ("program", "simulator", "helper"):
    options.add_argument(f"--{name}", required=True, type=lambda path: Path(path).resolve())
options.add_argument("--same-as", type=lambda path: Path(path).resolve())
options.add_argument("--wine", action="store_true")
options = options.parse_args()

# Nothing of the caller's own settings.
KEPT = "PATH HOME TEMP TMP USERPROFILE SYSTEMROOT SYSTEMDRIVE COMSPEC PATHEXT WINEPREFIX WINEDEBUG LANG LC_ALL".split()
ENVIRONMENT = {name: value for name, value in os.environ.items() if name.upper() in KEPT}


def windows(path):
    """The path as a program of Windows knows it: absolute, with a drive letter and backslashes."""
    path = str(Path(path).resolve())
    return "Z:" + path.replace("/", "\\") if options.wine else path


def command(program, *args):
    return [*(["wine"] if options.wine else []), str(program), *map(str, args)]


class Ran:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def ends(self, code):
        assert self.code == code, f"it ended with {self.code}, not {code}\n{self.out.decode()}\n{self.err.decode()}"
        return self

    def says(self, text):
        assert text in self.err.decode(), f"standard error does not say {text!r}:\n{self.err.decode()}"
        return self


def run(words, folder=PROJECT, env=(), stdin=b""):
    done = subprocess.run(words, cwd=folder, env={**ENVIRONMENT, **dict(env)}, input=stdin, capture_output=True, timeout=LIMIT)
    # Windows counts exit codes in 32 bits; the programs here use 8.
    return Ran(done.returncode, done.stdout, done.stderr)


def leastwise(*args, **how):
    return run(command(options.program, *args), **how)


def elsewhere(*args, **how):
    return run([str(options.same_as), *map(str, args)], **how)


class Simulator:
    """A PSA, and the environment that reaches it with leastwise's own key."""

    def __init__(self, folder, *args, member=258):
        words = [str(options.simulator), *args, str(PROJECT / "fixtures" / "acme-msp.json")]
        self.process = subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if line.rstrip().endswith(f", member {member}"):
                pairs = next(self.process.stdout).split()[1:]
                self.env = dict(pair.split("=", 1) for pair in pairs)
                return
        raise AssertionError("the simulator has no such member")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class Console:
    """A console of 100 columns, on which the helper runs the program."""

    def __init__(self, folder, page, end, *args, env=()):
        self.result = Path(folder) / "console.txt"
        line = subprocess.list2cmdline([windows(options.program), *args])
        words = command(options.helper, "console", windows(self.result), page, end, line)
        env = {**ENVIRONMENT, **dict(env)}
        if not options.wine:
            own = subprocess.CREATE_NEW_CONSOLE
            self.process = subprocess.Popen(words, cwd=folder, env=env, stdin=subprocess.PIPE, creationflags=own)
            return
        import fcntl
        import pty
        import struct
        import termios

        self.terminal, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 300, 100, 0, 0))
        self.process = subprocess.Popen(
            words, cwd=folder, env=env, stdin=subprocess.PIPE, stdout=inside, stderr=inside, start_new_session=True
        )
        os.close(inside)

    def press(self):
        """Ctrl-C."""
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def end(self):
        """Exit code, mode before and after, and the lines on the screen."""
        if options.wine:
            try:
                while os.read(self.terminal, 65536):
                    pass
            except OSError:
                pass
        code = self.process.wait(LIMIT)
        assert code == 0, f"the helper ended with {code}"
        first, *lines = self.result.read_text(encoding="utf-8").splitlines()
        code, before, after = first.split()
        return int(code), int(before, 16), int(after, 16), lines


def same_text(folder):
    """Demo and audits say the same as on another system, byte for byte"""
    leastwise("demo").ends(1)
    if not options.same_as:
        return "no program of another system was named: only that demo ends with 1"
    assert leastwise("demo").out == elsewhere("demo").out, "demo"
    forms = ["table", "json", "csv", "markdown", "sarif", "junit", "html", "summary"]
    for fixture in ("acme-msp", "parapluie"):
        for form in forms:
            args = ["audit", *DAY, "--fail-on", "never", "--snapshot", f"fixtures/{fixture}.json", "--format", form]
            here, there = leastwise(*args), elsewhere(*args)
            assert (here.code, here.out) == (there.code, there.out), f"{fixture} {form}\n{here.err.decode()}"
    for args in (["rules", "list"], ["explain", "LW101"], ["rules", "show", "cisco-umbrella"], ["plan"]):
        assert leastwise(*args).out == elsewhere(*args).out, args
    return f"demo, 2 fixtures in {len(forms)} formats, 4 commands"


def paths(folder):
    """Backslashes, drive letters and blanks in paths"""
    (folder / "a b").mkdir()
    shutil.copy(PROJECT / "fixtures" / "acme-msp.json", folder / "a b" / "ü.json")
    args = ["audit", "-q", *DAY]
    for snapshot in ("a b\\ü.json", "a b/ü.json", ".\\a b\\ü.json", windows(folder / "a b" / "ü.json")):
        leastwise(*args, "--snapshot", snapshot, folder=folder).ends(1)
    page, table = windows(folder / "a b" / "r.html"), windows(folder / "a b" / "r.csv")
    leastwise(*args, "--snapshot", "a b\\ü.json", "--output", page, "--output", f"csv={table}", folder=folder).ends(1)
    assert (folder / "a b" / "r.html").read_bytes().lower().startswith(b"<!doctype html>"), "r.html"
    assert (folder / "a b" / "r.csv").stat().st_size > 0
    leastwise(*args, "--snapshot", "a b\\ü.json", "--output", "no\\such\\r.json", folder=folder).ends(3).says("no\\such")
    return "relative and absolute, read and written"


def line_ends(folder):
    """Files with CRLF and with a BOM are read, in UTF-16 refused with what to do"""
    config = "[tenant.acme]\nsite = \"na.myconnectwise.net\"\ncompany = \"acme\"\n"
    fixture = (PROJECT / "fixtures" / "acme-msp.json").read_text(encoding="utf-8")
    args = ["audit", "-q", *DAY, "--format", "csv", "--snapshot", "s.json"]
    seen = set()
    for encode in (
        lambda text: text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    ):
        (folder / "s.json").write_bytes(encode(fixture))
        (folder / "leastwise.toml").write_bytes(encode(config))
        seen.add(leastwise(*args, folder=folder).ends(1).out)
    assert len(seen) == 1, "the same files give another report"
    (folder / "leastwise.toml").write_bytes(config.encode("utf-16"))
    leastwise(*args, folder=folder).ends(2).says("save the file as UTF-8")
    (folder / "leastwise.toml").unlink()
    (folder / "s.json").write_bytes(fixture.encode("utf-16"))
    leastwise(*args, folder=folder).ends(2).says("UTF-8")
    rule = (PROJECT / "rules" / "integrations" / "cisco-umbrella.toml").read_text(encoding="utf-8")
    (folder / "own.toml").write_bytes(b"\xef\xbb\xbf" + rule.replace("\n", "\r\n").encode())
    leastwise("rules", "lint", "own.toml", folder=folder).ends(0)
    return "snapshot, leastwise.toml and a rule file"


def replacing(folder):
    """A report that a program has open stays whole, and whoever wants another is told what to do"""
    shutil.copy(PROJECT / "fixtures" / "acme-msp.json", folder / "s.json")
    report, audit = folder / "r.csv", ["audit", "-q", *DAY, "--snapshot", "s.json", "--output", "r.csv"]
    leastwise(*audit, folder=folder).ends(1)
    whole, said = report.read_bytes(), []
    # As Excel has it, and as a reader that lets others replace it; of the second Windows may think either way.
    for how in ("alone", "shared"):
        report.write_bytes(b"old")
        words = command(options.helper, "hold", windows(report), how)
        held = subprocess.Popen(words, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert held.stdout.readline().strip() == b"held"
        ran = leastwise(*audit, folder=folder)
        held.communicate()
        if how == "alone" or ran.code == 3:
            ran.ends(3).says("r.csv could not be written").says("close it there")
        assert report.read_bytes() == (b"old" if ran.code == 3 else whole), how
        said.append(f"{how}: exit {ran.code}")
    leastwise(*audit, folder=folder).ends(1)
    assert report.read_bytes() == whole
    assert sorted(path.name for path in folder.iterdir()) == ["r.csv", "s.json"], "something is left over"
    return ", ".join(said)


def long_paths(folder):
    """Paths of more than 260 characters"""
    deep = folder
    for _ in range(6):
        deep = deep / ("folder-" + "x" * 50)
    far = windows(deep)
    assert len(far) > 300
    os.makedirs(deep if options.wine else f"\\\\?\\{far}")
    shutil.copy(PROJECT / "fixtures" / "acme-msp.json", folder / "s.json")
    there = Path(deep if options.wine else f"\\\\?\\{far}")
    for _ in range(2):
        leastwise("audit", "-q", *DAY, "--snapshot", "s.json", "--output", f"json={far}\\r.json", folder=folder).ends(1)
    shutil.copy(folder / "s.json", there / "s.json")
    leastwise("audit", "-q", *DAY, "--snapshot", f"{far}\\s.json", folder=folder).ends(1)
    assert [path.name for path in sorted(there.iterdir())] == ["r.json", "s.json"]
    return f"{len(far)} characters, read, written and replaced"


def devices(folder):
    """Names of devices are no files to read, and NUL takes what is written"""
    shutil.copy(PROJECT / "fixtures" / "acme-msp.json", folder / "s.json")
    for name in ("CON", "aux.json", "C:\\COM1"):
        leastwise("audit", "-q", "--snapshot", name, folder=folder).ends(2).says("it is a device")
    leastwise("audit", "-q", *DAY, "--snapshot", "s.json", "--output", "json=NUL", folder=folder).ends(1)
    assert [path.name for path in folder.iterdir()] == ["s.json"]
    return "CON, AUX, COM1, NUL"


def screens(folder):
    """Consoles: letters and arrows in any code page, colours asked for, none in a pipe"""
    shutil.copy(PROJECT / "fixtures" / "acme-msp.json", folder / "s.json")
    audit = ["audit", "-q", *DAY, "--snapshot", "s.json", "--details"]
    screens = []
    for page in (437, 850, 1252, 65001):
        code, before, after, lines = Console(folder, page, "wait", *audit).end()
        assert code == 1, lines
        assert not before & 4 and after & 4, f"mode {before:x}, then {after:x}: escapes are not turned into colours"
        # Wine's console keeps escapes as characters; Windows' does not.
        screens.append(re.sub("\x1b?\\[[0-9;]*m", "", "\n".join(lines)).replace("\x1b", ""))
    assert len(set(screens)) == 1, "code pages differ"
    assert "→" in screens[0] and "?" not in screens[0].split("→")[0][-3:], screens[0]
    _, _, after, _ = Console(folder, 437, "wait", *audit, "--color", "never").end()
    piped = leastwise(*audit, folder=folder).ends(1)
    assert b"\x1b" not in piped.out and piped.out.isascii(), "a pipe gets plain ASCII"
    return "437, 850, 1252, 65001"


def ctrl_c(folder):
    """Ctrl-C ends with 130 and leaves nothing behind"""
    silent = socket.create_server(("127.0.0.1", 0))
    silent.settimeout(LIMIT)
    env = {
        "LEASTWISE_SITE": f"http://127.0.0.1:{silent.getsockname()[1]}",
        "LEASTWISE_COMPANY": "acme",
        "LEASTWISE_CLIENT_ID": "01234567-89ab-cdef-0123-456789abcdef",
        "LEASTWISE_PUBLIC_KEY": "AbCdEfGhIjKlMnOp",
        "LEASTWISE_PRIVATE_KEY": "QrStUvWxYz012345",
    }
    console = Console(folder, 437, "press", "snapshot", "-o", "s.json", env=env)
    asked, _ = silent.accept()
    console.press()
    code, _, _, lines = console.end()
    asked.close()
    silent.close()
    assert code == 130, f"it ended with {code}\n" + "\n".join(lines)
    assert "nothing was written" in " ".join(lines), lines
    assert [path.name for path in folder.iterdir()] == ["console.txt"]
    return "while the PSA does not answer"


def live(folder):
    """A live run over HTTP, with names of variables in any case"""
    with Simulator(folder) as psa:
        here = leastwise("audit", "-q", "--format", "csv", folder=folder, env=psa.env).ends(1)
        lower = {name.lower(): value for name, value in psa.env.items()}
        assert leastwise("audit", "-q", "--format", "csv", folder=folder, env=lower).ends(1).out == here.out
        leastwise("snapshot", "-q", "-o", "s.json", folder=folder, env=psa.env).ends(0)
        if options.same_as:
            assert elsewhere("audit", "-q", "--format", "csv", folder=folder, env=psa.env).out == here.out
    readers = run(command(options.helper, "readers", windows(folder / "s.json"))).ends(0).out.strip()
    assert readers == b"inherited", readers
    return "audit and snapshot; who may read the snapshot is its folder's matter"


def key_command(folder):
    """private_key_command without a shell: each word arrives as it is"""
    with Simulator(folder) as psa:
        env = {name: psa.env[name] for name in ("LEASTWISE_CLIENT_ID", "LEASTWISE_PUBLIC_KEY")}
        key = psa.env["LEASTWISE_PRIVATE_KEY"]

        def audit(*words):
            listed = ", ".join("'" + str(word) + "'" for word in words)
            lines = f"[tenant.acme]\nsite = '{psa.env['LEASTWISE_SITE']}'\ncompany = 'acme'\nprivate_key_command = [{listed}]\n"
            (folder / "leastwise.toml").write_text(lines, encoding="utf-8")
            return leastwise("audit", "-q", folder=folder, env=env)

        audit(windows(options.helper), "say", key).ends(1)
        # A shell would take the ^ away, or start a second program.
        audit(windows(options.helper), "say", f"{key}^").ends(3)
        audit(windows(options.helper), "say", key, "&", "echo", "x").ends(2).says("private_key_command")
        audit("no-such-program.exe").ends(2).says("private_key_command")
        # A file as Windows PowerShell's > writes it.
        (folder / "key.txt").write_bytes(b"\xff\xfe" + f"{key}\r\n".encode("utf-16-le"))
        lines = (folder / "leastwise.toml").read_text(encoding="utf-8").split("private_key_command")[0]
        (folder / "leastwise.toml").write_text(lines + "private_key_file = 'key.txt'\n", encoding="utf-8")
        leastwise("audit", "-q", folder=folder, env=env).ends(1)
    return "a program with arguments, one that is not there, and a key file in UTF-16"


def tls(folder):
    """HTTPS: a certificate that nobody vouches for is refused, one of a named authority is taken"""
    with Simulator(folder, "--tls") as psa:
        leastwise("audit", "-q", folder=folder, env=psa.env).ends(3).says("is not trusted")
        (folder / "leastwise.toml").write_text("[tenant.acme]\nca_file = 'psa-sim-ca.pem'\n")
        named = leastwise("audit", "-q", folder=folder, env=psa.env)
        if not options.wine:
            named.ends(1)
            return "refused, and taken with ca_file"
        # docs/dev/windows.md says why: the structure that names authorities is longer than this Wine knows.
        engine = run(command(options.helper, "engine")).ends(0).out
        assert b"80 bytes: taken" in engine and b"88 bytes: refused (-2147024809)" in engine, engine
        named.ends(2).says("-2147024809")
    return "refused; ca_file cannot be tried with this Wine"


CASES = [same_text, paths, line_ends, replacing, long_paths, devices, screens, ctrl_c, live, key_command, tls]


def main():
    cases = [case for case in CASES if not options.cases or case.__name__ in options.cases]
    for case in cases:
        folder = Path(tempfile.mkdtemp(prefix="leastwise-"))
        try:
            said = case(folder)
        except (AssertionError, OSError, subprocess.TimeoutExpired) as wrong:
            print(f"WRONG {case.__doc__}: {wrong}", flush=True)
            return 1
        print(f"ok    {case.__doc__} ({said})", flush=True)
        shutil.rmtree(folder if options.wine else f"\\\\?\\{folder}", ignore_errors=True)
    print(f"{len(cases)} passed, 0 failed")
    return 0


sys.exit(main())
