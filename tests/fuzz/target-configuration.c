/* target-configuration.c - settings files: what is wrong is told and changes nothing, what stands is within its range
 *
 * The system's file stands in front of the first NUL byte, the user's behind it.
 */
#include "config.h"

#include "fuzz.h"

#include "config/config.h"
#include "util/utf8.h"

static void check_value(void *context, const struct config_value *value)
{
    (void)context;
    fuzz_require(value->name && value->value && value->origin && value->accepted);
}

FUZZ_TARGET(configuration, "settings files are read")
{
    struct span system_text = span_head(input, span_find_byte(input, '\0'));
    struct span user_text = span_from(input, system_text.length + 1);
    struct config_sources sources = { .system_file = fuzz_file("system.conf", system_text, arena),
                                      .user_file = fuzz_file("user.conf", user_text, arena),
                                      .state_directory = fuzz_scratch(),
                                      .maildir = fuzz_scratch(),
                                      .user = "anna",
                                      .without_rules = true };
    struct config *config = config_load(&sources);
    const struct settings *settings = config_settings(config);
    size_t count = 0;
    for (const struct config_mistake *mistake = config_mistakes(config); mistake; mistake = mistake->next, count++)
        fuzz_require(fuzz_is_printable(span_of(mistake->text)));
    fuzz_require(count <= 200);
    fuzz_require(settings->verdict.required >= -10000 && settings->verdict.required <= 10000);
    fuzz_require(settings->maildir.junk && *settings->maildir.junk);
    fuzz_require(settings->state_directory[0] == '/' || settings->state_directory[0] == '\0');
    config_visit(config, check_value, NULL);
    config_free(&config);
}
