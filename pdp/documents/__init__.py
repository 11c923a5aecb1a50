"""Pieces of a case: files received about a person, each under one label.

For other features. Ids are public ids; hidden = missing = NotFound; messages are French sentences.

- service.add_document(actor, case_id, *, title_kind, stream, file_name, label=None, spread=…, precision="",
  about=None, about_ref=None) -> Added                    the file is judged by its content; a partner's is a proposal
- service.open_document(actor, document_id) -> Opened   the bytes, checked again; one journal entry
- queries.find_document(actor, public_id, *, lock=False) -> Document        inside a transaction of the caller
- queries.list_about(actor, case, labels, about, refs)    what proves or answers something, by its public id
- `documents.hooks.expected_pieces`: who requires pieces tells which ones here (wired in `pdp.wiring`)
- service.reseal(limit) -> int                moves bodies to the current key; run it until it answers 0
"""
