"""Files for word processors: what the documents of the house share, whatever they say."""
