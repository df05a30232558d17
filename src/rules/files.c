/* files.c - what a file is: by its name, and by its first bytes */
#include "rules/files.h"

#include <stddef.h>
#include <stdint.h>

/* Sorted by class, not by name: read it as a list of reasons.  Sources: the extensions that Outlook blocks ("Blocked attachments in Outlook",
 * Microsoft Support), those procmail sanitizers and bogofilter users have blocked since 2000, and what replaced them after 2022, when
 * macros from the Internet stopped running: shortcuts, disk images, OneNote, MSIX, search connectors. */
static const struct {
    const char *extension;
    enum file_ending ending;
} endings[] = {
    { "exe", FILE_ENDING_PROGRAM }, { "com", FILE_ENDING_PROGRAM }, { "scr", FILE_ENDING_PROGRAM },
    { "pif", FILE_ENDING_PROGRAM }, { "bat", FILE_ENDING_PROGRAM }, { "cmd", FILE_ENDING_PROGRAM },
    { "cpl", FILE_ENDING_PROGRAM }, { "js", FILE_ENDING_PROGRAM },  { "jse", FILE_ENDING_PROGRAM },
    { "vbs", FILE_ENDING_PROGRAM }, { "vbe", FILE_ENDING_PROGRAM }, { "vb", FILE_ENDING_PROGRAM },
    { "wsf", FILE_ENDING_PROGRAM }, { "wsh", FILE_ENDING_PROGRAM }, { "wsc", FILE_ENDING_PROGRAM },
    { "hta", FILE_ENDING_PROGRAM }, { "msi", FILE_ENDING_PROGRAM }, { "msp", FILE_ENDING_PROGRAM },
    { "mst", FILE_ENDING_PROGRAM }, { "lnk", FILE_ENDING_PROGRAM }, { "shs", FILE_ENDING_PROGRAM },
    { "shb", FILE_ENDING_PROGRAM }, { "sct", FILE_ENDING_PROGRAM }, { "reg", FILE_ENDING_PROGRAM },
    { "chm", FILE_ENDING_PROGRAM }, { "hlp", FILE_ENDING_PROGRAM }, { "jar", FILE_ENDING_PROGRAM },
    { "ps1", FILE_ENDING_PROGRAM }, { "psm1", FILE_ENDING_PROGRAM }, { "msix", FILE_ENDING_PROGRAM },
    { "appx", FILE_ENDING_PROGRAM }, { "msixbundle", FILE_ENDING_PROGRAM }, { "appinstaller", FILE_ENDING_PROGRAM },
    { "gadget", FILE_ENDING_PROGRAM }, { "application", FILE_ENDING_PROGRAM }, { "xll", FILE_ENDING_PROGRAM },
    { "wll", FILE_ENDING_PROGRAM }, { "apk", FILE_ENDING_PROGRAM },

    { "ade", FILE_ENDING_UNSAFE }, { "adp", FILE_ENDING_UNSAFE }, { "bas", FILE_ENDING_UNSAFE },
    { "bin", FILE_ENDING_UNSAFE }, { "btm", FILE_ENDING_UNSAFE }, { "crt", FILE_ENDING_UNSAFE },
    { "dll", FILE_ENDING_UNSAFE }, { "drv", FILE_ENDING_UNSAFE }, { "inf", FILE_ENDING_UNSAFE },
    { "ini", FILE_ENDING_UNSAFE }, { "ins", FILE_ENDING_UNSAFE }, { "isp", FILE_ENDING_UNSAFE },
    { "je", FILE_ENDING_UNSAFE },  { "mdb", FILE_ENDING_UNSAFE }, { "mde", FILE_ENDING_UNSAFE },
    { "msc", FILE_ENDING_UNSAFE }, { "pcd", FILE_ENDING_UNSAFE }, { "sys", FILE_ENDING_UNSAFE },
    { "url", FILE_ENDING_UNSAFE }, { "vxd", FILE_ENDING_UNSAFE }, { "ocx", FILE_ENDING_UNSAFE },
    { "one", FILE_ENDING_UNSAFE }, { "onepkg", FILE_ENDING_UNSAFE }, { "library-ms", FILE_ENDING_UNSAFE },
    { "search-ms", FILE_ENDING_UNSAFE }, { "settingcontent-ms", FILE_ENDING_UNSAFE }, { "theme", FILE_ENDING_UNSAFE },
    { "rdp", FILE_ENDING_UNSAFE }, { "diagcab", FILE_ENDING_UNSAFE }, { "website", FILE_ENDING_UNSAFE },
    { "accdb", FILE_ENDING_UNSAFE }, { "accde", FILE_ENDING_UNSAFE }, { "desktop", FILE_ENDING_UNSAFE },
    { "iqy", FILE_ENDING_UNSAFE }, { "slk", FILE_ENDING_UNSAFE },

    { "docm", FILE_ENDING_MACROS }, { "dotm", FILE_ENDING_MACROS }, { "xlsm", FILE_ENDING_MACROS },
    { "xltm", FILE_ENDING_MACROS }, { "xlam", FILE_ENDING_MACROS }, { "xlsb", FILE_ENDING_MACROS },
    { "pptm", FILE_ENDING_MACROS }, { "potm", FILE_ENDING_MACROS }, { "ppam", FILE_ENDING_MACROS },
    { "ppsm", FILE_ENDING_MACROS }, { "sldm", FILE_ENDING_MACROS },

    { "iso", FILE_ENDING_DISK }, { "img", FILE_ENDING_DISK }, { "vhd", FILE_ENDING_DISK },
    { "vhdx", FILE_ENDING_DISK }, { "udf", FILE_ENDING_DISK }, { "dmg", FILE_ENDING_DISK },

    { "html", FILE_ENDING_PAGE }, { "htm", FILE_ENDING_PAGE }, { "shtml", FILE_ENDING_PAGE },
    { "shtm", FILE_ENDING_PAGE }, { "xhtml", FILE_ENDING_PAGE }, { "xht", FILE_ENDING_PAGE },
    { "mht", FILE_ENDING_PAGE }, { "mhtml", FILE_ENDING_PAGE }, { "svg", FILE_ENDING_PAGE },
    { "svgz", FILE_ENDING_PAGE },

    { "zip", FILE_ENDING_ARCHIVE }, { "rar", FILE_ENDING_ARCHIVE }, { "7z", FILE_ENDING_ARCHIVE },
    { "gz", FILE_ENDING_ARCHIVE }, { "tgz", FILE_ENDING_ARCHIVE }, { "tar", FILE_ENDING_ARCHIVE },
    { "cab", FILE_ENDING_ARCHIVE }, { "arj", FILE_ENDING_ARCHIVE }, { "ace", FILE_ENDING_ARCHIVE },
    { "lzh", FILE_ENDING_ARCHIVE }, { "xz", FILE_ENDING_ARCHIVE }, { "bz2", FILE_ENDING_ARCHIVE },

    { "pdf", FILE_ENDING_DOCUMENT }, { "doc", FILE_ENDING_DOCUMENT }, { "docx", FILE_ENDING_DOCUMENT },
    { "xls", FILE_ENDING_DOCUMENT }, { "xlsx", FILE_ENDING_DOCUMENT }, { "ppt", FILE_ENDING_DOCUMENT },
    { "pptx", FILE_ENDING_DOCUMENT }, { "rtf", FILE_ENDING_DOCUMENT }, { "txt", FILE_ENDING_DOCUMENT },
    { "csv", FILE_ENDING_DOCUMENT }, { "odt", FILE_ENDING_DOCUMENT }, { "ods", FILE_ENDING_DOCUMENT },
    { "jpg", FILE_ENDING_DOCUMENT }, { "jpeg", FILE_ENDING_DOCUMENT }, { "png", FILE_ENDING_DOCUMENT },
    { "gif", FILE_ENDING_DOCUMENT }, { "bmp", FILE_ENDING_DOCUMENT }, { "tif", FILE_ENDING_DOCUMENT },
    { "mp3", FILE_ENDING_DOCUMENT }, { "mp4", FILE_ENDING_DOCUMENT }, { "avi", FILE_ENDING_DOCUMENT },
    { "wav", FILE_ENDING_DOCUMENT },
};

struct span file_extension(struct span name)
{
    while (name.length && (name.data[name.length - 1] == '.' || (unsigned char)name.data[name.length - 1] <= ' '))
        name.length--;
    for (size_t i = name.length; i > 0; i--) {
        if (name.data[i - 1] == '/' || name.data[i - 1] == '\\')
            return SPAN_EMPTY;
        if (name.data[i - 1] == '.')
            return span_from(name, i);
    }
    return SPAN_EMPTY;
}

enum file_ending file_ending(struct span extension)
{
    if (extension.length == 0)
        return FILE_ENDING_OTHER;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (span_is_nocase(extension, endings[i].extension))
            return endings[i].ending;
    return FILE_ENDING_OTHER;
}

static const struct {
    const char *bytes;
    size_t length;
    enum file_kind kind;
} signatures[] = {
    { "MZ", 2, FILE_KIND_PROGRAM },
    { "L\0\0\0\1\x14\2\0", 8, FILE_KIND_PROGRAM }, /* [MS-SHLLINK] 2.1: header size, start of the class id */
    { "ITSF\3\0\0\0", 8, FILE_KIND_PROGRAM },      /* compiled HTML help */
    { "\x7F" "ELF", 4, FILE_KIND_ELF },
    { "PK\3\4", 4, FILE_KIND_ZIP },
    { "Rar!\x1A\7", 6, FILE_KIND_RAR },
    { "7z\xBC\xAF\x27\x1C", 6, FILE_KIND_7Z },
    { "\x1F\x8B\x08", 3, FILE_KIND_GZIP },
    { "%PDF-", 5, FILE_KIND_PDF },
    { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, FILE_KIND_OLE },
    { "{\\rtf", 5, FILE_KIND_RTF },
    { "GIF8", 4, FILE_KIND_IMAGE },
    { "\xFF\xD8\xFF", 3, FILE_KIND_IMAGE },
    { "\x89PNG\r\n\x1A\n", 8, FILE_KIND_IMAGE },
    { "II*\0", 4, FILE_KIND_IMAGE },
    { "MM\0*", 4, FILE_KIND_IMAGE },
};

/* A "MZ" may start a text; a program says where its PE header is ([PE/COFF] 2.1: offset at 0x3C), and the old ones are of a few KB at least. */
static bool is_dos_program(struct span head)
{
    if (head.length < 64)
        return false;
    const unsigned char *at = (const unsigned char *)head.data + 0x3C;
    size_t offset = (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
    struct span header = span_from(head, offset);
    bool is_portable = header.length >= 4 && memcmp(header.data, "PE\0\0", 4) == 0;
    return is_portable || memchr(head.data, '\0', 64) != NULL;
}

static bool is_html(struct span head)
{
    static const char *const starts[] = { "<!doctype html", "<html", "<head", "<body", "<script" };
    if (head.length >= 3 && memcmp(head.data, "\xEF\xBB\xBF", 3) == 0)
        head = span_from(head, 3);
    head = span_trim(span_head(head, 512));
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (span_starts_nocase(head, starts[i]))
            return true;
    return false;
}

enum file_kind file_kind(struct span head)
{
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        if (head.length < signatures[i].length || memcmp(head.data, signatures[i].bytes, signatures[i].length) != 0)
            continue;
        if (signatures[i].length == 2 && !is_dos_program(head))
            continue;
        return signatures[i].kind;
    }
    return is_html(head) ? FILE_KIND_HTML : FILE_KIND_UNKNOWN;
}

const char *file_kind_name(enum file_kind kind)
{
    static const char *const names[] = {
        [FILE_KIND_UNKNOWN] = "unknown",       [FILE_KIND_PROGRAM] = "a Windows program", [FILE_KIND_ELF] = "a Unix program",
        [FILE_KIND_ZIP] = "a ZIP archive",     [FILE_KIND_RAR] = "a RAR archive",         [FILE_KIND_7Z] = "a 7z archive",
        [FILE_KIND_GZIP] = "gzip data",        [FILE_KIND_PDF] = "a PDF document",        [FILE_KIND_OLE] = "an Office document",
        [FILE_KIND_RTF] = "an RTF document",   [FILE_KIND_IMAGE] = "an image",            [FILE_KIND_HTML] = "an HTML page",
    };
    return names[kind];
}

static unsigned little_endian(const char *data, size_t size)
{
    unsigned value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (unsigned)(unsigned char)data[i] << (8 * i);
    return value;
}

void file_list_zip(struct span head, struct zip_listing *listing)
{
    enum { LOCAL_HEADER = 30, FLAG_ENCRYPTED = 1, FLAG_STREAMED = 8 };
    *listing = (struct zip_listing){ 0 };
    while (head.length >= LOCAL_HEADER && memcmp(head.data, "PK\3\4", 4) == 0) {
        unsigned flags = little_endian(head.data + 6, 2), size = little_endian(head.data + 18, 4);
        unsigned name_length = little_endian(head.data + 26, 2), extra_length = little_endian(head.data + 28, 2);
        struct span name = span_head(span_from(head, LOCAL_HEADER), name_length);
        listing->members++;
        listing->encrypted = listing->encrypted || (flags & FLAG_ENCRYPTED);
        if (listing->program.length == 0 && name.length == name_length
            && file_ending(file_extension(name)) == FILE_ENDING_PROGRAM)
            listing->program = name;
        if ((flags & FLAG_STREAMED) && size == 0) {
            listing->incomplete = true;
            return;
        }
        head = span_from(head, (size_t)LOCAL_HEADER + name_length + extra_length + size);
    }
    listing->incomplete = head.length == 0;
}
