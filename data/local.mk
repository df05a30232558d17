# data/local.mk - what is installed beside the program

# Starter knowledge, made anew from any labelled mail with an `index`: make starter STARTER_CORPUS=DIR.  What is shipped may
# only be made from mail whose terms allow it: this one from SpamAssassin's public corpus of 2002 and 2003.
dist_pkgdata_DATA = data/starter.words

starter: tamis$(EXEEXT)
	@test -n '$(STARTER_CORPUS)' || { echo 'STARTER_CORPUS=DIR is missing: labelled mail with an index'; exit 1; }
	TAMIS_RULES_DIR='$(abs_top_srcdir)/data/rules' ./tamis starter build '$(STARTER_CORPUS)' '$(abs_top_srcdir)/data/starter.words'

.PHONY: starter

rulesdir = $(pkgdatadir)/rules
dist_rules_DATA = \
	data/rules/account.rules \
	data/rules/adult.rules \
	data/rules/advance-fee.rules \
	data/rules/bulk.rules \
	data/rules/chain-letters.rules \
	data/rules/gambling.rules \
	data/rules/impostor.rules \
	data/rules/investment.rules \
	data/rules/invoices.rules \
	data/rules/loans.rules \
	data/rules/parcel.rules \
	data/rules/pharmacy.rules \
	data/rules/prizes.rules \
	data/rules/seo.rules \
	data/rules/sextortion.rules
