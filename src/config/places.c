/* places.c - where this user's files are: home directory, XDG directories, and paths with %u and %h in them */
#include "config/places.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/buffer.h"

static const char *environment_path(const char *variable)
{
    const char *path = getenv(variable);
    return path && path[0] == '/' ? path : NULL;
}

static const char *copied(const struct places *places, const char *text)
{
    return arena_copy(places->arena, span_of(text)).data;
}

struct places places_find(struct arena *arena, const char *user)
{
    struct places places = { .arena = arena, .user = user, .home = environment_path("HOME") };
    if (!places.home) {
        const struct passwd *entry = getpwuid(getuid());
        if (entry && entry->pw_dir && entry->pw_dir[0] == '/')
            places.home = copied(&places, entry->pw_dir);
    }
    return places;
}

static const char *user_name(struct places *places)
{
    if (!places->user)
        places->user = getenv("USER");
    if (!places->user || !*places->user)
        places->user = getenv("LOGNAME");
    if (!places->user || !*places->user) {
        const struct passwd *entry = getpwuid(getuid());
        char number[24];
        snprintf(number, sizeof number, "%lu", (unsigned long)getuid());
        places->user = copied(places, entry ? entry->pw_name : number);
    }
    return places->user;
}

/* Fit to be one part of a path.  The leading dot covers "." and "..", and hidden files that are somebody else's. */
static bool is_path_part(struct span name)
{
    if (name.length == 0 || name.length > NAME_MAX || name.data[0] == '.')
        return false;
    for (size_t i = 0; i < name.length; i++)
        if (name.data[i] == '/' || (unsigned char)name.data[i] < ' ' || name.data[i] == 0x7F)
            return false;
    return true;
}

/* The text that stands for %u, %n or %d. */
static struct span name_for(struct places *places, char letter)
{
    struct span name = span_of(user_name(places));
    size_t at = span_find_byte(name, '@');
    return letter == 'u' ? name : letter == 'n' ? span_head(name, at) : span_from(name, at + 1);
}

static bool append_home(const struct places *places, struct buffer *out, struct failure *failure)
{
    if (!places->home)
        return failure_set(failure, FAILURE_CONFIGURATION, "this user has no home directory");
    buffer_append_string(out, places->home);
    return true;
}

static bool append_letter(struct places *places, char letter, struct buffer *out, struct failure *failure)
{
    switch (letter) {
    case '%':
        buffer_append_byte(out, '%');
        return true;
    case 'h':
        return append_home(places, out, failure);
    case 'u':
    case 'n':
    case 'd': {
        struct span name = name_for(places, letter);
        if (!is_path_part(name))
            return failure_set(failure, FAILURE_CONFIGURATION,
                               "%%%c is \"%.*s\" for user \"%.64s\", which is no name for a directory: one without "
                               "\"/\" and control characters, and with no dot in front, is accepted", letter,
                               (int)span_head(name, 64).length, name.data ? name.data : "", user_name(places));
        buffer_append(out, name);
        return true;
    }
    default:
        return failure_set(failure, FAILURE_CONFIGURATION, "\"%%%c\" has no meaning: %%u, %%n, %%d, %%h and %%%% have",
                           letter ? letter : ' ');
    }
}

static bool append_text(struct places *places, const char *text, struct buffer *out, struct failure *failure)
{
    for (; *text; text++) {
        if (*text != '%')
            buffer_append_byte(out, *text);
        else if (!append_letter(places, *++text, out, failure))
            return false;
    }
    buffer_append_byte(out, '\0');
    return !out->truncated ||
           failure_set(failure, FAILURE_CONFIGURATION, "the path is longer than %d bytes", PATH_MAX - 1);
}

const char *places_expand_word(struct places *places, const char *word, struct failure *failure)
{
    struct buffer out = buffer_new(places->arena, PATH_MAX);
    return append_text(places, word, &out, failure) ? out.data : NULL;
}

const char *places_expand(struct places *places, const char *path, struct failure *failure)
{
    struct buffer out = buffer_new(places->arena, PATH_MAX);
    if (path[0] == '~' && (path[1] == '/' || path[1] == '\0')) {
        if (!append_home(places, &out, failure))
            return NULL;
        path++;
    }
    if (!append_text(places, path, &out, failure))
        return NULL;
    if (out.data[0] != '/') {
        failure_set(failure, FAILURE_CONFIGURATION, "the path does not begin with / or ~/");
        return NULL;
    }
    return out.data;
}

const char *places_expand_given(struct places *places, const char *path, struct failure *failure)
{
    if (path[0] == '/' || path[0] == '~')
        return places_expand(places, path, failure);
    const char *relative = *path ? places_expand_word(places, path, failure) : NULL;
    const char *absolute = relative ? places_absolute(places, relative) : NULL;
    if (!*path)
        failure_set(failure, FAILURE_CONFIGURATION, "no path is given");
    else if (relative && !absolute)
        failure_set(failure, FAILURE_CONFIGURATION, "the current directory is gone, or the path is too long");
    return absolute;
}

const char *places_quote(struct arena *arena, const char *path)
{
    struct buffer out = buffer_new(arena, 2 * PATH_MAX);
    for (; *path; path++)
        buffer_append_format(&out, *path == '%' ? "%%%%" : "%c", *path);
    buffer_append_byte(&out, '\0');
    return out.data;
}

static const char *joined(const struct places *places, const char *directory, const char *middle, const char *tail)
{
    struct buffer out = buffer_new(places->arena, PATH_MAX);
    buffer_append_format(&out, "%s%s/%s", directory, middle, tail);
    buffer_append_byte(&out, '\0');
    return out.truncated ? NULL : out.data;
}

const char *places_by_xdg(const struct places *places, const char *variable, const char *fallback, const char *tail)
{
    const char *directory = environment_path(variable);
    if (directory)
        return joined(places, directory, "", tail);
    if (!places->home)
        return NULL;
    const char *middle = joined(places, "", "", fallback);
    return middle ? joined(places, places->home, middle, tail) : NULL;
}

const char *places_absolute(const struct places *places, const char *path)
{
    char current[PATH_MAX];
    if (path[0] == '/')
        return path;
    return getcwd(current, sizeof current) ? joined(places, current, "", path) : NULL;
}
