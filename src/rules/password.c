/* password.c - a password given away in the text of a message */
#include "rules/password.h"

#include <stddef.h>

/* Matched without regard to ASCII case; "passwor" serves "password" and "Passwort".  Lower case. */
static const char *const words[] = {
    "passwor",       "passcode",     "pass code",  "kennwort",     "mot de passe", ("contrase\xC3\xB1" "a"),
    "contrasena",    "clave",        "senha",      "wachtwoord",   "has\xC5\x82o", "parola",
    "adgangskode",   "l\xC3\xB6senord", "salasana", "\xD0\xBF\xD0\xB0\xD1\x80\xD0\xBE\xD0\xBB", /* парол */
    "\xE5\xAF\x86\xE7\xA0\x81", /* Chinese */
    "\xE3\x83\x91\xE3\x82\xB9\xE3\x83\xAF\xE3\x83\xBC\xE3\x83\x89", /* Japanese */
};

/* How far behind the word its colon may stand ("password for the attached archive is: "). */
#define REACH 60

static struct span word_at(struct span text)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_starts_nocase(text, words[i]))
            return span_head(text, strlen(words[i]));
    return SPAN_EMPTY;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n';
}

/* What says "here it comes" at the start of `text`: its length, or 0. */
static size_t announcement(struct span text)
{
    static const char *const signs[] = { ":",        "=",     "\xEF\xBC\x9A", " is ",       " ist ",
                                         " lautet ", " est ", " es ",         " \xC3\xA9 " };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (span_starts_nocase(text, signs[i]))
            return strlen(signs[i]);
    return 0;
}

/* One word of 3 to 32 bytes, without the punctuation around it. */
static struct span token(struct span text)
{
    size_t end = 0;
    while (text.length && (is_blank(text.data[0]) || strchr(":\"'`*<(", text.data[0])))
        text = span_from(text, 1);
    while (end < text.length && !is_blank(text.data[end]) && !strchr("\"'<>)", text.data[end]))
        end++;
    while (end > 0 && strchr(".,;*", text.data[end - 1]))
        end--;
    return end >= 3 && end <= 32 ? span_head(text, end) : SPAN_EMPTY;
}

static struct span value_behind(struct span rest)
{
    for (size_t i = 0; i < rest.length && i < REACH; i++) {
        size_t length = announcement(span_from(rest, i));
        if (length)
            return token(span_from(rest, i + length));
        if (rest.data[i] == '.' || rest.data[i] == '?')
            break;
    }
    return SPAN_EMPTY;
}

bool password_find(struct span text, struct span *password)
{
    for (size_t at = 0; at < text.length; at++) {
        bool starts = at == 0 || is_blank(text.data[at - 1]) || strchr("\"'(*:,", text.data[at - 1])
                   || (unsigned char)text.data[at] >= 0xC0;
        struct span word = starts ? word_at(span_from(text, at)) : SPAN_EMPTY;
        if (word.length == 0)
            continue;
        *password = value_behind(span_from(text, at + word.length));
        if (password->length)
            return true;
    }
    return false;
}
