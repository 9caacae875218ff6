"""The grammar of Kazakh number, amount, date and time expressions: what `normalize` reads by.

From the word up: `words` cuts a text into tokens, `suffixes` and `lexicon` know forms and closed-class words,
`currencies` and `units` know names of money and measures (CLDR); `expressions` finds what a numeral begins, `amounts`
and `measures` read quantities, `dates`, `intervals`, `relative`, `durations`, `clock` and `timespans` read time,
`mentions` puts their `readings` together.
"""
