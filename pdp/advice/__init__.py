"""Opinions asked of partners on a request: « avis demandés ».

A round is one question put to one or several organisations, with a day before which they answer. Each
organisation asked has its own line and answers for itself.

Who reads an answer, named once and for all:

- the core of the cellule (those who read the request), as soon as it is given;
- the organisation that gave it, always, while it may read the request;
- the other organisations asked in the same round, once all have answered or the day has passed, and only
  with an agreement in force that also covers the opinion. Before that nothing on their pages differs, whether
  the others have answered or not.

A question withdrawn disappears for the partner at once; its trace stays for the core. Answers are added, never
changed: an organisation may give a newer one while the others may not yet read it.

For other features:

- service.list_expected(actor) -> tuple[Expected, …]    questions that await the actor's organisation
"""
