"""Date and time formats of pages and messages. Django finds this module through `FORMAT_MODULE_PATH`.

`{{ day|date }}` and `{{ moment|time }}` use the default formats. Name the others: `{{ day|date:"LONG_DATE_FORMAT" }}`.
`foundation/values/times.py` has the same formats for text composed in Python.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
EXACT_FORMAT = "j M Y, H:i:s"
MONTH_DAY_FORMAT = "j F"
MONTH_FORMAT = "F Y"
LONG_DATE_FORMAT = "l j F Y"
LONG_DATETIME_FORMAT = "l j F Y, H:i"
LONG_DAY_FORMAT = "l j F"
LONG_DAY_TIME_FORMAT = "l j F, H:i"
SHORT_DATE_FORMAT = "j M"
SHORT_DATETIME_FORMAT = "D j F Y, H:i"
SHORT_DAY_FORMAT = "D j F"
SHORT_DAY_TIME_FORMAT = "D j F, H:i"
