"""What the pages of séances accept: `planning` for preparing and what follows, `live` for the room."""
