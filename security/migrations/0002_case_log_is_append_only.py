from django.db import migrations

REFUSE = """
CREATE FUNCTION security_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of a case is append only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER security_log_is_append_only BEFORE UPDATE OR DELETE ON security_caseentry
    FOR EACH ROW EXECUTE FUNCTION security_log_is_append_only();
"""
ALLOW = """
DROP TRIGGER security_log_is_append_only ON security_caseentry;
DROP FUNCTION security_log_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("security", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
    ]
