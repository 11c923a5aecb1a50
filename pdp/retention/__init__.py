"""How long a file is kept, and how it is deleted: clocks, holds, two phases, the journal of erasures."""
