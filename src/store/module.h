/* module.h - engines in files of their own, loaded when the settings ask for one
 *
 * Most hosts keep what is learned in files; they shall not load, at each message, the libraries of others.  So an
 * engine that needs a library of its own is a shared object in pkglibdir, "tamis-store-NAME.so", which holds one
 * symbol: `tamis_store_module`.  It is part of this program and of the same version, or it is not used.
 */
#ifndef TAMIS_STORE_MODULE_H
#define TAMIS_STORE_MODULE_H

#include "store/engine.h"

/* Of this structure, first of all its fields. */
#define STORE_MODULE_FORM 4u

struct store_module {
    uint32_t form;
    char version[28]; /* of the program it was built with */
    uint32_t row_bytes[TABLE_COUNT];
    struct store_engine engine;
};

extern const struct store_module tamis_store_module;

/* The engine of the module of that name, or NULL and `failure` (FAILURE_CONFIGURATION).  It stays loaded.  Modules are
 * looked for in pkglibdir, or where TAMIS_MODULE_DIR says (a build that is not installed). */
const struct store_engine *store_module_load(const char *name, struct failure *failure);

#endif
