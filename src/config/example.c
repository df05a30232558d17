/* example.c - the commented settings file, written from the option table */
#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "config/option-family.h"
#include "config/option-table.h"

#define COLUMNS 79

/* Writes `text` as comment lines, broken at spaces. */
static void write_comment(FILE *stream, const char *text)
{
    while (*text) {
        size_t length = strlen(text), room = COLUMNS - 2;
        if (length > room)
            for (length = room; length > 0 && text[length] != ' '; length--)
                ;
        if (length == 0)
            length = strcspn(text, " ");
        fprintf(stream, "# %.*s\n", (int)length, text);
        text += length;
        text += *text == ' ';
    }
}

static void write_option(FILE *stream, const struct option *option)
{
    char accepted[200], sentence[256];
    option_describe_accepted(option, accepted, sizeof accepted);
    snprintf(sentence, sizeof sentence, "Accepted: %s.", accepted);
    fputc('\n', stream);
    write_comment(stream, option->help);
    write_comment(stream, sentence);
}

static void write_family(FILE *stream, const struct option_family *family)
{
    write_comment(stream, family->help);
    fprintf(stream, "#[%s %s]\n", family->keyword, family->example);
    for (size_t i = 0; i < family->option_count; i++) {
        const struct option *option = &family->options[i];
        write_option(stream, option);
        fprintf(stream, "#%s = %s\n", option->name, option->example ? option->example : option->default_value);
    }
    fputc('\n', stream);
}

void config_write_example(FILE *stream)
{
    fputs("# tamis.conf - settings of tamis, the mail filter; see tamis.conf(5)\n#\n", stream);
    write_comment(
        stream,
        "Each setting stands here with its default. To change one, remove the # before its name. Settings are read "
        "from "
        "the system's tamis.conf, then from the user's ~/.config/tamis/tamis.conf, then from --set name=value; the "
        "later "
        "wins. A mistake never stops mail: the value that held before goes on to hold, and the log and \"tamis config "
        "check\" say what is wrong in which line.");
    for (size_t i = 0; i < option_count; i++) {
        write_option(stream, &option_table[i]);
        fprintf(stream, "#%s = %s\n", option_table[i].name, option_table[i].default_value);
    }
    write_option(stream, &option_score);
    fputs("#score.HIDDEN_TEXT = 1.5\n\n", stream);
    for (size_t i = 0; i < option_family_count; i++)
        write_family(stream, &option_families[i]);
    write_comment(
        stream,
        "What stands behind this line, in the system's file, cannot be changed by users or on the command line.");
    fputs("#[locked]\n#junk_folder = Junk\n", stream);
}
