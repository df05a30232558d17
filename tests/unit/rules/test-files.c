/* test-files.c - what a file is by its name, by its bytes, and what a ZIP archive lists */
#include "unit.h"

#include <stdlib.h>

#include "rules/files.h"

#define BYTES(text)           \
    {                         \
        text, sizeof text - 1 \
    }

static void names_end_in_what_they_are(void **state)
{
    static const struct {
        const char *name, *extension;
        enum file_ending ending;
    } cases[] = {
        { "invoice.exe", "exe", FILE_ENDING_PROGRAM },
        { "a.pdf.JS", "JS", FILE_ENDING_PROGRAM },
        { "a.exe. . ", "exe", FILE_ENDING_PROGRAM },
        { "tamis-1.2.tar.gz", "gz", FILE_ENDING_ARCHIVE },
        { "report.docm", "docm", FILE_ENDING_MACROS },
        { "cd.iso", "iso", FILE_ENDING_DISK },
        { "logo.svg", "svg", FILE_ENDING_PAGE },
        { "setup.ini", "ini", FILE_ENDING_UNSAFE },
        { "photo.jpeg", "jpeg", FILE_ENDING_DOCUMENT },
        { "Makefile", "", FILE_ENDING_OTHER },
        { "", "", FILE_ENDING_OTHER },
        { "...", "", FILE_ENDING_OTHER },
        { "www.example.com/readme", "", FILE_ENDING_OTHER },
        { "patch.diff", "diff", FILE_ENDING_OTHER },
        { "exe", "", FILE_ENDING_OTHER },
        { ".exe", "exe", FILE_ENDING_PROGRAM },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span got = file_extension(span_of(cases[i].name));
        if (!span_is(got, cases[i].extension) || file_ending(got) != cases[i].ending)
            fail_msg("\"%s\": got \"%.*s\" of kind %d, want \"%s\" of kind %d", cases[i].name, (int)got.length,
                     got.data ? got.data : "", file_ending(got), cases[i].extension, cases[i].ending);
    }
}

/* The seeds of this project name these as unsafe; none may be lost in an edit. */
static void every_unsafe_ending_of_the_seeds_is_known(void **state)
{
    static const char *const seeds[] = {
        "ade", "adp", "bas", "bat", "bin", "btm", "chm", "cmd", "com", "cpl", "crt", "dll", "drv", "exe", "hlp", "hta",
        "inf", "ini", "ins", "isp", "je",  "js",  "jse", "lnk", "mdb", "mde", "msc", "msi", "msp", "mst", "pcd", "pif",
        "reg", "scr", "sct", "shb", "shs", "sys", "url", "vb",  "vbe", "vbs", "vxd", "wsc", "wsf", "wsh",
    };
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        enum file_ending ending = file_ending(span_of(seeds[i]));
        if (ending != FILE_ENDING_PROGRAM && ending != FILE_ENDING_UNSAFE)
            fail_msg("%s is not unsafe", seeds[i]);
    }
}

static const char program_head[] = "MZ\x90\0\3\0\0\0\4\0\0\0\xFF\xFF\0\0\xB8\0\0\0\0\0\0\0@\0\0\0\0\0\0\0"
                                   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0PE\0\0L\1";

static void bytes_say_what_they_are(void **state)
{
    static const struct {
        const char *name;
        struct span head;
        enum file_kind want;
    } cases[] = {
        { "program", BYTES(program_head), FILE_KIND_PROGRAM },
        { "a text that starts with MZ",
          BYTES("MZ is the mark of DOS programs, after Mark Zbikowski, who drew up the format."), FILE_KIND_UNKNOWN },
        { "MZ and nothing", BYTES("MZ"), FILE_KIND_UNKNOWN },
        { "shortcut", BYTES("L\0\0\0\1\x14\2\0\0\0\0\0"), FILE_KIND_PROGRAM },
        { "zip", BYTES("PK\3\4......"), FILE_KIND_ZIP },
        { "PDF", BYTES("%PDF-1.7"), FILE_KIND_PDF },
        { "PNG", BYTES("\x89PNG\r\n\x1A\n"), FILE_KIND_IMAGE },
        { "half a PNG", BYTES("\x89PN"), FILE_KIND_UNKNOWN },
        { "HTML with blanks first", BYTES("\xEF\xBB\xBF\r\n  <!DOCTYPE html><p>"), FILE_KIND_HTML },
        { "text about HTML", BYTES("use <html> here"), FILE_KIND_UNKNOWN },
        { "nothing", { NULL, 0 }, FILE_KIND_UNKNOWN },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (file_kind(cases[i].head) != cases[i].want)
            fail_msg("%s: got %s", cases[i].name, file_kind_name(file_kind(cases[i].head)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_end_in_what_they_are),
        cmocka_unit_test(every_unsafe_ending_of_the_seeds_is_known),
        cmocka_unit_test(bytes_say_what_they_are),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
