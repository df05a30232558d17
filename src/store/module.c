/* module.c - engines in files of their own, loaded when the settings ask for one */
#include "config.h"

#include "store/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODULE_SYMBOL "tamis_store_module"

static const struct store_engine *fail(struct failure *failure, const char *path, const char *reason)
{
    failure_set(failure, FAILURE_CONFIGURATION, "cannot use %s: %s", path, reason ? reason : "no reason given");
    return NULL;
}

static bool fits(const struct store_module *module)
{
    return module->form == STORE_MODULE_FORM && strcmp(module->version, PACKAGE_VERSION) == 0 &&
           memcmp(module->row_bytes, table_row_bytes, sizeof module->row_bytes) == 0;
}

const struct store_engine *store_module_load(const char *name, struct failure *failure)
{
    char path[PATH_MAX];
    const char *folder = secure_getenv("TAMIS_MODULE_DIR");
    if (!folder || *folder != '/')
        folder = PKGLIBDIR;
    if ((size_t)snprintf(path, sizeof path, "%s/tamis-store-%s.so", folder, name) >= sizeof path)
        return fail(failure, folder, "the name is too long");
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return fail(failure, path, dlerror());
    const struct store_module *module = dlsym(handle, MODULE_SYMBOL);
    if (!module || !fits(module))
        return fail(failure, path, "it was not built with this " PACKAGE_STRING);
    return &module->engine;
}
