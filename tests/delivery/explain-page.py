#!/usr/bin/python3
# explain-page.py - messages to be explained, a server that notes who asks, and a look at the page as the browser has it
#
#   explain-page.py messages FOLDER        writes spam, ham, hostile and long into FOLDER
#   explain-page.py serve PORT_FILE LOG    answers every request on a free port of 127.0.0.1, and notes its host in LOG
#   explain-page.py check DOM              is there anything in the page that is not the program's own?
#   explain-page.py text DOM               the text of the page
import html.parser
import http.server
import os
import re
import sys

SPAM = '''Received: from mail-offers.example (dyn-113-5.pool.isp.example [203.0.113.5])
\tby mx.example.org with ESMTP id 4F2A1; Mon, 3 Mar 2025 10:00:05 +0000
From: "First National Bank" <security@mail-offers.example>
To: joe@example.org
Subject: Your account will be limited
Content-Type: text/html; charset=utf-8

<body bgcolor="#ffffff"><h1>Dear customer,</h1>
<p>we have noticed <font color="#fffffe">garden compost</font> unusual activity.</p>
<p><a href="http://203.0.113.80/login">https://www.first-national.example/secure</a></p>
<p><img src="http://track.example/o.gif" width=1 height=1></p></body>
'''

HAM = '''Received: from mail.example.net (mail.example.net [192.0.2.1])
\tby mx.example.org with ESMTPS id 1A2B3C; Tue, 4 Mar 2025 10:00:03 +0100
From: Ann Example <ann@example.net>
To: joe@example.org
Subject: lunch on Thursday
Content-Type: text/plain; charset=utf-8

Shall we meet at noon?  \u05e9\u05dc\u05d5\u05dd to Dana.  See https://lists.example.net/archive.
'''

BREAKOUTS = [
    '<script>document.title="owned"</script>', '<img src=http://evil.example/1 onerror=alert(1)>',
    '</style><style>body{background:url(http://evil.example/2)}</style>', '</title><script>alert(1)</script>',
    '</bdi></span></div></section></article></main><iframe src=http://evil.example/3></iframe>',
    '<link rel=stylesheet href=http://evil.example/4>',
    '<meta http-equiv=refresh content="0;url=http://evil.example/5">',
    '<base href=http://evil.example/>', '<svg/onload=alert(1)>', '<a href="javascript:alert(1)">x</a>',
    '" style="background:url(http://evil.example/6)" x="', "' onmouseover='alert(1)", '--><b>', ']]><b>',
    '<object data=http://evil.example/7></object>',
    '<form action=http://evil.example/8><input name=q autofocus></form>',
    '&lt;b&gt;', '&#60;i&#62;', '\u202eturned\u2069', '\u200b\u200c\u200d\u2060', '\U000e0041\U000e0042',
    '}*{background:url(http://evil.example/9)}', '@import "http://evil.example/10";', '\x1b[31m', '\x0c\x0b',
]


def escaped(text):
    return text.replace('&', '&amp;').replace('<', '&lt;')


def hostile():
    everything = ''.join(BREAKOUTS)
    field = everything.replace('\n', ' ')
    head = ''.join('%s: %s <%s@evil.example>\n' % (name, field, i) for i, name in enumerate(
        ['From', 'To', 'Cc', 'Reply-To', 'Subject', 'Date', 'Message-ID']))
    links = ''.join('<a href="http://evil.example/%s">%s</a><a href="javascript:alert(%d)">run</a>' % (
        escaped(text).replace('"', '&quot;'), escaped(text), i) for i, text in enumerate(BREAKOUTS))
    hidden = ''.join('<p style="%s">%s</p>' % (style, escaped(everything)) for style in
                     ['display:none', 'font-size:0', 'color:white;background:white', 'visibility:hidden'])
    return ('Received: from %s (%s [203.0.113.5])' % (field, field)
            + ' by %s with ESMTP; Mon, 3 Mar 2025 10:00:05 +0000\n' % field + head
            + 'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n'
            + '<p>shown ' + escaped(everything) + '</p>' + hidden + links + everything
            + '\n--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="'
            + field.replace('"', '\\"') + '.exe"\n\nMZ\n--b--\n')


# A line of a megabyte: markup, and characters that must each be named.
def long_line():
    return ('From: a@evil.example\nSubject: long\nContent-Type: text/plain; charset=utf-8\n\nstart '
            + '<img src=http://evil.example/>\u200b' * 32000 + '\n')


def write_messages(folder):
    for name, text in (('spam', SPAM), ('ham', HAM), ('hostile', hostile()), ('long', long_line())):
        with open(os.path.join(folder, name), 'w', encoding='utf-8', newline='') as file:
            file.write(text)


def serve(port_file, log):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with open(log, 'a') as file:
                file.write(self.headers.get('Host', '?') + self.path + '\n')
            self.send_response(404)
            self.end_headers()

        do_POST = do_CONNECT = do_OPTIONS = do_HEAD = do_GET

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    with open(port_file + '.new', 'w') as file:
        file.write('%d' % server.server_port)
    os.rename(port_file + '.new', port_file)
    server.serve_forever()


# The elements the program writes and the attributes they may have.
ELEMENTS = set('html head meta title style body main footer article header section h1 h2 p div span b i bdi br '
               'dl dt dd ul ol li table tbody tr th td svg rect line'.split())
ATTRIBUTES = {'class', 'lang', 'dir', 'charset', 'name', 'content', 'http-equiv', 'role', 'aria-label', 'aria-hidden',
              'style', 'colspan', 'viewbox', 'preserveaspectratio', 'x', 'y', 'width', 'height', 'x1', 'y1', 'x2', 'y2'}
# What may stand in them: words, numbers and places on the scale.
PLAIN = re.compile(r'[-\w .,;:%=/\']*\Z', re.ASCII)
PLACE = re.compile(r'(left|right):[\d.]+%(;width:[\d.]+%)?\Z')


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.words, self.problems, self.count = [], [], [], {}

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        self.open.append(tag)
        if tag not in ELEMENTS:
            self.problems.append('an element <%s>' % tag)
        for name, value in attributes:
            if name not in ATTRIBUTES or not PLAIN.match(value or '') or (name == 'style' and not PLACE.match(value)):
                self.problems.append('an attribute %s="%s" in <%s>' % (name, value, tag))
            if name == 'http-equiv' and value != 'Content-Security-Policy':
                self.problems.append('a header field %s' % value)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_comment(self, data):
        self.problems.append('a comment')

    def handle_data(self, data):
        if 'style' in self.open and ('url(' in data or '@import' in data):
            self.problems.append('a style that loads')
        if 'style' not in self.open:
            self.words.append(data)


def page_of(path):
    page = Page()
    with open(path, encoding='utf-8') as file:
        page.feed(file.read())
    page.close()
    return page


def check(path):
    page = page_of(path)
    for tag in ('html', 'head', 'title', 'style', 'body', 'main', 'article', 'footer'):
        if page.count.get(tag) != 1:
            page.problems.append('%d of <%s>' % (page.count.get(tag, 0), tag))
    for problem in page.problems[:10]:
        print('# ' + ascii(problem)[:200])
    return 1 if page.problems else 0


def main():
    verb, arguments = sys.argv[1], sys.argv[2:]
    if verb == 'messages':
        write_messages(*arguments)
    elif verb == 'serve':
        serve(*arguments)
    elif verb == 'check':
        return check(*arguments)
    elif verb == 'text':
        sys.stdout.buffer.write(' '.join(' '.join(page_of(*arguments).words).split()).encode())
    return 0


if __name__ == '__main__':
    sys.exit(main())
