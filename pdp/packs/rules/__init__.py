"""Pure rules of séance sheets: what they say, in which order, and how they hold on one page."""
