# imap.py - a small IMAP client for the tests: imap.py PORT USER COMMAND ARGUMENT...
#
#   move FROM TO [SET]      MOVE (RFC 6851); SET is a message set, 1:* unless given
#   copy FROM TO [SET]      COPY, STORE \Deleted, EXPUNGE, as clients without MOVE do
#   leave FROM TO [SET]     COPY and STORE \Deleted, and no EXPUNGE
#   each FROM TO COUNT      COUNT messages moved one command each
#   append FOLDER FILE      APPEND
#   mark FOLDER KEYWORD     STORE +FLAGS; unmark: STORE -FLAGS
#   expunge FOLDER          everything in it
import imaplib
import sys
import time


def need(answer):
    if answer[0] != "OK":
        sys.exit("the server says %r" % (answer,))
    return answer[1]


def copy(server, source, target, messages, expunge=True):
    need(server.select(source))
    need(server.copy(messages, target))
    need(server.store(messages, "+FLAGS", r"(\Deleted)"))
    if expunge:
        need(server.expunge())


def move(server, source, target, messages):
    need(server.select(source))
    need(server.xatom("MOVE", messages, target))


def main():
    port, user, command, *rest = sys.argv[1:]
    imaplib.Commands["MOVE"] = ("SELECTED",)
    server = imaplib.IMAP4("127.0.0.1", int(port), timeout=60)
    need(server.login(user, "secret"))
    for folder in ("Junk", "Trash", "Archive", "Sent", "Junk.Old"):
        server.create(folder)
    if command == "append":
        need(server.append(rest[0], "", imaplib.Time2Internaldate(time.time()), open(rest[1], "rb").read()))
    elif command in ("mark", "unmark"):
        need(server.select(rest[0]))
        need(server.store("1:*", "+FLAGS" if command == "mark" else "-FLAGS", "(%s)" % rest[1]))
    elif command == "expunge":
        need(server.select(rest[0]))
        need(server.store("1:*", "+FLAGS", r"(\Deleted)"))
        need(server.expunge())
    elif command == "each":
        for _ in range(int(rest[2])):
            move(server, rest[0], rest[1], "1")
    elif command == "move":
        move(server, rest[0], rest[1], rest[2] if len(rest) > 2 else "1:*")
    else:
        copy(server, rest[0], rest[1], rest[2] if len(rest) > 2 else "1:*", expunge=command == "copy")
    server.logout()


main()
