"""What holds against the database itself: raw SQL, raw files, another process, a wrong installation."""
