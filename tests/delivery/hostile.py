# hostile.py - messages made to break filters, and what one costs
#
#   make FOLDER                    writes the messages, a file each
#   run MESSAGE OUTPUT COMMAND...  runs the command with the message on standard input; says exit status, CPU seconds
#                                  and the most memory that any one process of it had, in MB
#
# Nothing is read from anywhere: each message is a few lines of text repeated, or pseudo-random with a fixed seed.
import base64
import os
import random
import resource
import sys

HEADER = b"From: a@example.org\nTo: b@example.net\nSubject: hostile\n"
PROCESSOR_SECONDS = 10


def repeated(piece, size):
    return piece * (size // len(piece))


def nested(count):
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(count))


def numbered(pattern, count):
    return b"".join(pattern % i for i in range(count))


def random_bytes(size):
    return random.Random(1).randbytes(size)


def encoded(size):
    return base64.encodebytes(random_bytes(1 << 16)) * (size // 88000)


def html(body):
    return HEADER + b"Content-Type: text/html; charset=utf-8\n\n" + body


MESSAGES = {
    # Those that filters were tried with when this one was begun: several lost or altered them, or took minutes.
    "text50mb": lambda: HEADER + b"\n" + \
        repeated(b"Words of a text of fifty million bytes, a line each.\n", 50_000_000),
    "attach50mb": lambda: HEADER + b"Content-Type: application/octet-stream; name=a.bin\n"
    b"Content-Transfer-Encoding: base64\n\n" + encoded(50_000_000),
    "nested10k": lambda: HEADER + nested(10_000),
    "rfc822nest10k": lambda: HEADER + b"Content-Type: message/rfc822\n\n" * 10_000,
    "header1m_folded": lambda: HEADER + b"X-Folded: a\n" + b" folded line and more\n" * 1_000_000 + b"\nbody\n",
    "header1m_fields": lambda: HEADER + numbered(b"X-Field-%d: value\n", 1_000_000) + b"\nbody\n",
    "longline20mb": lambda: HEADER + b"\n" + b"a" * 20_000_000 + b"\n",
    "nulbytes": lambda: HEADER + b"\n" + b"\0" * 100_000,
    "truncb64": lambda: HEADER + b"Content-Transfer-Encoding: base64\n\nSGVsbG8sIHRoaXMgaXMgY3V0IG9m",
    "badcharset": lambda: HEADER + b"Content-Type: text/plain; charset=no-such-charset\n\n" + bytes(
        range(128, 256)) * 4000,
    "random1mb": lambda: random_bytes(1_000_000),
    "crlf": lambda: b"From: a@example.org\r\nSubject: crlf\r\n\r\nbody\r\n",
    "nonl": lambda: HEADER + b"\nno line end",
    "headeronly": lambda: b"From: a@example.org\nSubject: no line end",
    "headeronly_nl": lambda: HEADER,
    "empty": lambda: b"",
    # And more of the same kind.
    "headeronly_folded": lambda: b" a folded line and nothing else",
    "forged1m": lambda: numbered(b"X-Spam-Forged-%d: value\n", 1_000_000) + b"\nbody\n",
    "longfield20mb": lambda: HEADER + b"X-Long: " + b"a " * 10_000_000 + b"\n\nbody\n",
    "addresses1m": lambda: HEADER + b"Cc: " + numbered(b"a%d@example.org, ", 1_000_000) + b"\n\nbody\n",
    "comments1m": lambda: HEADER + b"Cc: " + b"(" * 1_000_000 + b"\n\nbody\n",
    "words1m": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 1_000_000 + b"\n\nbody\n",
    "parts1m": lambda: HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\na\n" * 1_000_000,
    "boundaries": lambda: HEADER + b"Content-Type: multipart/mixed; boundary=boundary\n\n" + b"--boundar\n" * 2_000_000,
    "uuencode": lambda: HEADER + b"\n" + b"begin 644 a\n#86)C\n" * 500_000,
    "html_nested": lambda: html(b"<div>" * 2_000_000),
    "html_bold": lambda: html(b"<b>" * 2_000_000),
    "html_comments": lambda: html(b"<!--<!-" * 1_000_000),
    "html_references": lambda: html(b"&notin;&#65;" * 1_000_000),
    "html_links": lambda: html(numbered(b"<a href=http://a%d.example>x</a>", 300_000)),
    "html_styles": lambda: html(b"<style>" + b"div div div{color:red}" * 5000 + b"</style>" + b"<div>" * 100_000),
    "html_styled_parts": lambda: HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n"
    + (b"--b\nContent-Type: text/html\n\n<style>" + b"i,b{top:1}" * 1000 + b"</style>" + b"<i>x</i>" * 3000
       + b"\n") * 57,
    "urls": lambda: HEADER + b"\n" + numbered(b"http://www.a%d.example/ ", 500_000),
    "marks": lambda: HEADER + b"Content-Type: text/plain; charset=utf-8\n\na" + b"\xcc\x81\xcc\xa3" * 1_000_000,
    "backtracking": lambda: HEADER + b"\n" + b"account will be account has been a a a a 1,000,000 " * 20_000,
}


def make(folder):
    for name, message in MESSAGES.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(message())
    print(len(MESSAGES))


def run(message, output, command):
    child = os.fork()
    if child == 0:
        os.dup2(os.open(message, os.O_RDONLY), 0)
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
        os.execvp(command[0], command)
    _, status, usage = os.wait4(child, 0)
    print(os.waitstatus_to_exitcode(status), "%.2f" % (usage.ru_utime + usage.ru_stime), usage.ru_maxrss // 1024)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        run(sys.argv[2], sys.argv[3], sys.argv[4:])
