from django.db import migrations

REFUSES = """
CREATE FUNCTION accounts_trail_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever added to: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER trail_refuses_change BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_trail_refuses();
CREATE TRIGGER trail_refuses_emptying BEFORE TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_trail_refuses();
CREATE TRIGGER seals_refuse_change BEFORE UPDATE OR DELETE ON accounts_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_trail_refuses();
CREATE TRIGGER seals_refuse_emptying BEFORE TRUNCATE ON accounts_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_trail_refuses();
"""

ALLOWS = """
DROP TRIGGER trail_refuses_change ON accounts_auditentry;
DROP TRIGGER trail_refuses_emptying ON accounts_auditentry;
DROP TRIGGER seals_refuse_change ON accounts_auditseal;
DROP TRIGGER seals_refuse_emptying ON accounts_auditseal;
DROP FUNCTION accounts_trail_refuses();
"""


class Migration(migrations.Migration):
    """Nobody changes, deletes or empties the trail or its seals, whichever way they come to the database.

    Whoever owns the tables could drop the triggers; that is what the seals find out.
    """

    dependencies = [("accounts", "0020_trail_seals_and_sign_ins")]

    operations = [migrations.RunSQL(REFUSES, ALLOWS)]
