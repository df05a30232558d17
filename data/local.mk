# data/local.mk - what is installed beside the program
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
