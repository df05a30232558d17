/* files.c - what a file is: by its name, and by its first bytes */
#include "rules/files.h"

#include <stddef.h>
#include <stdint.h>

#include "util/translate.h"

/* By class, most dangerous first.  Sources: the extensions that Outlook blocks ("Blocked
 * attachments in Outlook", Microsoft Support), those procmail sanitizers and bogofilter users have blocked since 2000,
 * and what replaced them after 2022, when macros from the Internet stopped running: shortcuts, disk images, OneNote,
 * MSIX, search connectors. */
static const struct {
    enum file_ending ending;
    const char *extensions; /* apart by single spaces */
} endings[] = {
    { FILE_ENDING_PROGRAM,
      "exe com scr pif bat cmd cpl js jse vbs vbe vb wsf wsh wsc hta msi msp mst lnk shs shb sct reg "
      "chm hlp jar ps1 psm1 msix appx msixbundle appinstaller gadget application xll wll apk" },
    { FILE_ENDING_UNSAFE,
      "ade adp bas bin btm crt dll drv inf ini ins isp je mdb mde msc pcd sys url vxd ocx one onepkg "
      "library-ms search-ms settingcontent-ms theme rdp diagcab website accdb accde desktop iqy slk" },
    { FILE_ENDING_MACROS,
      "docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm" },
    { FILE_ENDING_DISK,
      "iso img vhd vhdx udf dmg" },
    { FILE_ENDING_PAGE,
      "html htm shtml shtm xhtml xht mht mhtml svg svgz" },
    { FILE_ENDING_ARCHIVE,
      "zip rar 7z gz tgz tar cab arj ace lzh xz bz2" },
    { FILE_ENDING_DOCUMENT,
      "pdf doc docx xls xlsx ppt pptx rtf txt csv odt ods jpg jpeg png gif bmp tif mp3 mp4 avi wav" },
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

static bool is_one_of(struct span word, const char *words)
{
    for (; *words; words += *words == ' ') {
        size_t length = strcspn(words, " ");
        if (span_equal_nocase(word, span_make(words, length)))
            return true;
        words += length;
    }
    return false;
}

enum file_ending file_ending(struct span extension)
{
    for (size_t i = 0; extension.length && i < sizeof endings / sizeof *endings; i++)
        if (is_one_of(extension, endings[i].extensions))
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
    { "\x7F"
      "ELF",
      4, FILE_KIND_ELF },
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

/* A "MZ" may start a text; a program says where its PE header is ([PE/COFF] 2.1: offset at 0x3C), and the old ones are
 * of a few KB at least. */
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
        [FILE_KIND_UNKNOWN] = N_("unknown"),        [FILE_KIND_PROGRAM] = N_("a Windows program"),
        [FILE_KIND_ELF] = N_("a Unix program"),     [FILE_KIND_ZIP] = N_("a ZIP archive"),
        [FILE_KIND_RAR] = N_("a RAR archive"),      [FILE_KIND_7Z] = N_("a 7z archive"),
        [FILE_KIND_GZIP] = N_("gzip data"),         [FILE_KIND_PDF] = N_("a PDF document"),
        [FILE_KIND_OLE] = N_("an Office document"), [FILE_KIND_RTF] = N_("an RTF document"),
        [FILE_KIND_IMAGE] = N_("an image"),         [FILE_KIND_HTML] = N_("an HTML page"),
    };
    return _(names[kind]);
}
