"""One person recorded twice: merged by two people, undone within thirty days."""
