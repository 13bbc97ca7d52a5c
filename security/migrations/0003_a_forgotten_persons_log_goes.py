from django.db import migrations

REFUSE_BUT_FORGETTING = """
CREATE OR REPLACE FUNCTION security_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('careerconnect.forgetting', true) = 'on' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'the log of a case is append only' USING ERRCODE = 'restrict_violation';
END $$;
"""
REFUSE = """
CREATE OR REPLACE FUNCTION security_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of a case is append only' USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("security", "0002_case_log_is_append_only"),
    ]

    operations = [
        migrations.RunSQL(REFUSE_BUT_FORGETTING, REFUSE),
    ]
