"""Pure rules of opinions asked: where a question stands, and what pages get of it."""
