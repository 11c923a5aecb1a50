"""Rights of the insured: requests and their deadlines, access packs, rectification, restriction, notices given."""
