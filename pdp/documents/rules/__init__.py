"""Pure rules of pieces: what each kind is, who reads which, what a file may hold."""
