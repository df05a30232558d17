# po/local.mk - translations of what people read from commands; src/util/translate.h says how to mark it
#
# One catalogue a language: po/LANGUAGE.po here, po/LANGUAGE/LC_MESSAGES/tamis.mo in the build folder, so that
# TAMIS_LOCALE_DIR=po shows it without installing.  Another language is another such pair of lines.
fr_localedir = $(localedir)/fr/LC_MESSAGES
nodist_fr_locale_DATA = po/fr/LC_MESSAGES/tamis.mo
EXTRA_DIST += po/extract po/fr.po
CLEANFILES += po/fr/LC_MESSAGES/tamis.mo

po/fr/LC_MESSAGES/tamis.mo: po/fr.po
	$(AM_V_GEN)$(MKDIR_P) po/fr/LC_MESSAGES && $(MSGFMT) --check -o $@ $(srcdir)/po/fr.po

# For developers: takes new texts into the catalogue, untranslated, and drops those that are gone.
.PHONY: update-po
update-po:
	sh $(srcdir)/po/extract >po/tamis.pot
	msgmerge --quiet --no-fuzzy-matching --no-wrap --no-location $(srcdir)/po/fr.po po/tamis.pot | \
	    msgattrib --no-obsolete --no-wrap --no-location -o $(srcdir)/po/fr.po
	$(MSGFMT) --check --statistics -o /dev/null $(srcdir)/po/fr.po
