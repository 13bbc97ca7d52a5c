"""The text that people are found by. Adding it rewrites the table of people: a second or two for 50,000, locked.

Two functions, because the words that somebody types go through the first too. They use nothing but PostgreSQL's own
functions, so that a dump can be restored anywhere.
"""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

APOSTROPHES = (
    r"'`\u00B4\u02B9\u02BB-\u02BF\u02C8\u02CA\u02CB\u055A\u05F3\u2018\u2019\u201B\u2032\u2035\uA78B\uA78C\uFF07\uFF40"
)
UNSEEN = r"\u0001-\u0008\u000E-\u001F\u007F-\u009F\u00AD\u061C\u180B-\u180E\u200B\u200D-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF\uFFF9-\uFFFB\U000E0000-\U000E0FFF"
MARKS = (
    r"\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670"
    r"\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F"
)
"""Accents of European and Asian alphabets, vowel points of Arabic and Hebrew; never the vowels of Indic scripts."""
BETWEEN = (
    r"\u0009-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u00D7\u00F7"
    r"\u02C2-\u02DF\u055B-\u055F\u058A\u05BE\u05C0\u05C3\u05F4\u060C\u061B\u061F\u066A-\u066D\u0964\u0965"
    r"\u1680\u2000-\u2131\u2133-\u214D\u214F-\u2182\u2185-\u2BFF\u2E00-\u2E7F\u3000-\u3004\u3008-\u3020\u3030\u30A0\u30FB"
)
"""Spaces, hyphens, full stops and other punctuation: they part words. So does the zero width non-joiner (U+200C): in
Persian a space is as good, and whoever types neither finds the names written as one word."""

WORDS = rf"""
CREATE FUNCTION search_words(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
    replace(replace(replace(replace(
        translate(
            regexp_replace(
                lower(normalize(regexp_replace(said, '[{APOSTROPHES.replace("'", "''")}{UNSEEN}]', '', 'g'), NFKD)),
                '[{MARKS}{APOSTROPHES.replace("'", "''")}]', '', 'g'),
            'łøđðħıŧŋςیىک', 'loddhitnσييك'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
    '[{BETWEEN}]+', ' ', 'g'))
"""
"""One spelling for each word: small letters, no accents, apostrophes or unseen signs, one space for what parts words."""

TEXT = r"""
CREATE FUNCTION person_search_text(given text, family text, preferred text, number text, phone text,
                                   email text, own_email text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ' ' || concat_ws(' ',
    search_words(given || ' ' || preferred || ' ' || family), '|',
    replace(search_words(given || family), ' ', ''),
    replace(search_words(family || given), ' ', ''),
    CASE WHEN preferred <> '' THEN replace(search_words(preferred || family), ' ', '') END,
    CASE WHEN preferred <> '' THEN replace(search_words(family || preferred), ' ', '') END,
    replace(search_words(number), ' ', ''),
    nullif(regexp_replace(number, '[^0-9]', '', 'g'), ''),
    nullif(regexp_replace(phone, '[^0-9]', '', 'g'), ''),
    nullif(search_words(split_part(email, '@', 1)), ''),
    nullif(search_words(split_part(own_email, '@', 1)), '')
) || ' '
"""
"""Words with a space before and after each: the names, and after a bar the same written as one word in both orders (`obrien` for
`O Brien`, and Chinese, which has no spaces), the number, its digits, the telephone and what stands before each @."""


class TrigramsThatStay(TrigramExtension):
    """The search of queries uses them too: going back leaves them."""

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        TrigramsThatStay(),
        migrations.RunSQL([(WORDS, None)], "DROP FUNCTION search_words(text)"),
        migrations.RunSQL([(TEXT, None)], "DROP FUNCTION person_search_text(text, text, text, text, text, text, text)"),
        migrations.AddField(
            model_name="user",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "given_name",
                    "family_name",
                    "preferred_name",
                    "university_id",
                    "phone",
                    "email",
                    "personal_email",
                    function="person_search_text",
                ),
                help_text="Made by the database from the fields above; read by accounts.selectors.finding.",
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("search_text", name="gin_trgm_ops"),
                name="person_by_search_text",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    models.Func(
                        models.F("search_text"),
                        models.Value("|"),
                        models.Value(1),
                        function="split_part",
                        output_field=models.TextField(),
                    ),
                    name="gin_trgm_ops",
                ),
                name="person_by_names_alike",
            ),
        ),
    ]
