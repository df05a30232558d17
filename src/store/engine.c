/* engine.c - engines by their names */
#include "store/engine.h"

#include <string.h>

#include "store/module.h"
#include "store/redis-address.h"

const struct store_engine *const store_engine_table[] = { &store_engine_tokyocabinet, &store_engine_memory, NULL };

static const struct store_engine *engine_named(const char *name)
{
    if (!name)
        return store_engine_table[0];
    for (size_t i = 0; store_engine_table[i]; i++)
        if (strcmp(name, store_engine_table[i]->name) == 0)
            return store_engine_table[i];
    return NULL;
}

/* By its name: nothing is loaded for the question. */
bool store_is_remote(const struct store_options *options)
{
    return options->engine && strcmp(options->engine, "redis") == 0;
}

/* OpenSSL is loaded only where it is needed: it takes longer to start than a message to judge. */
const struct store_engine *store_engine_of(const struct store_options *options, struct failure *failure)
{
    const struct store_engine *engine = engine_named(options->engine);
    if (engine)
        return engine;
    if (store_is_remote(options)) {
        const char *server = options->remote.server ? options->remote.server : "";
        return store_module_load(redis_address_list_wants_tls(server) ? "redis-tls" : "redis", failure);
    }
    failure_set(failure, FAILURE_CONFIGURATION, "there is no storage engine \"%s\"", options->engine);
    return NULL;
}
