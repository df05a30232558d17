#!/usr/bin/env python3
# entity-table.py - writes entity-table.c, out of the copy of the WHATWG list that Python carries (html.entities.html5)
#
# Run by hand when the standard gains names (it has promised not to): ./entity-table.py > entity-table.c
from html.entities import html5

names = sorted(name[:-1] for name in html5 if name.endswith(";"))
legacy = {name for name in html5 if not name.endswith(";")}
seconds = sorted({html5[name + ";"][1] for name in names if len(html5[name + ";"]) > 1})
assert legacy <= set(names) and len(names) + len(legacy) == 2231 and len(seconds) < 15


def packed(name):
    value = html5[name + ";"]
    second = seconds.index(value[1]) + 1 if len(value) > 1 else 0
    return ord(value[0]) | second << 21 | (name in legacy) << 25


def rows(items, separator=" "):
    line = "   "
    for item in items:
        if len(line) + len(separator) + len(item) > 118:
            yield line
            line = "   "
        line += separator + item
    yield line


offsets = [0]
for name in names:
    offsets.append(offsets[-1] + len(name))
letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ[abcdefghijklmnopqrstuvwxyz{"
first = [sum(1 for name in names if name[0] < letter) for letter in letters]

print("/* entity-table.c - the named character references of HTML; written by entity-table.py, do not edit")
print(" *")
print(" * Source: WHATWG HTML standard, section 13.5 \"Named character references\": %d names, %d of them also"
      % (len(names), len(legacy)))
print(" * without their semicolon.  Plain numbers and one string: nothing to relocate or to set up at start.")
print(" */")
print("#include \"mail/entity-table.h\"\n")
print("const uint16_t entity_second_codes[] = { 0, %s };\n" % ", ".join("0x%04X" % ord(code) for code in seconds))
print("const uint16_t entity_first_index[] = {")
print("\n".join(rows("%d," % number for number in first)))
print("};\n\nconst uint16_t entity_name_offsets[] = {")
print("\n".join(rows("%d," % number for number in offsets)))
print("};\n\nconst uint32_t entity_values[] = {")
print("\n".join(rows("0x%X," % packed(name) for name in names)))
print("};\n\nconst char entity_names[] =")
text, lines = "".join(names), []
for at in range(0, len(text), 112):
    lines.append('    "%s"' % text[at:at + 112])
print("\n".join(lines) + ";")
