"""0021_dated_erasures: on PostgreSQL the application cannot say that a case was hidden long ago.

The seven days before an erasure were counted from an instant that the application wrote itself. A certificate
now begins when it is written, by the clock of the database; only the owner of the tables may write an older
one, which `pdp retention reapply` does after a restore. SQLite knows no owner: nothing changes there.
"""

import sqlalchemy as sa
from alembic import op
from walls import on_postgresql

revision = "0021_dated_erasures"
down_revision = "0020_erase_merges"
branch_labels = None
depends_on = None

# The clocks of the application and of the database may differ by some minutes.
_OLD = (
    "NEW.hidden_at < now() - interval '1 hour' AND NOT pg_has_role(current_user, "
    "(SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')"
)


def upgrade() -> None:
    if not on_postgresql():
        return
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    op.execute(
        f"CREATE FUNCTION refuse_old_erasure() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp "
        f"AS $$ BEGIN IF {_OLD} THEN RAISE EXCEPTION 'case_erasure begins when it is written'; END IF; "
        "RETURN NEW; END $$"
    )
    # After row security has looked at the row, as `case_erasure_forward`.
    op.execute(
        "CREATE TRIGGER case_erasure_dated AFTER INSERT ON case_erasure "
        "FOR EACH ROW EXECUTE FUNCTION refuse_old_erasure()"
    )


def downgrade() -> None:
    if on_postgresql():
        op.execute("DROP TRIGGER case_erasure_dated ON case_erasure")
        op.execute("DROP FUNCTION refuse_old_erasure()")
