"""An independent model of who owns what: plain dictionaries, no rule of the product in it."""

import copy
from dataclasses import dataclass, field
from typing import Any

CONTENT = ("family_name", "given_name", "birth_date", "town", "phone", "email", "nir", "nir_index", "search_key")


@dataclass
class Model:
    """Values of each record, owner of each case, texts of each case, and what merges may be undone."""

    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    owner: dict[int, int] = field(default_factory=dict)
    notes: dict[int, list[str]] = field(default_factory=dict)
    absorbed: dict[int, int] = field(default_factory=dict)
    merges: list[dict[str, Any]] = field(default_factory=list)

    def merge(self, key: str, kept: int, gone: int) -> None:
        """Move the cases of one to the other, and keep how both stood before."""
        self.merges.append(
            {
                "key": key,
                "kept": kept,
                "gone": gone,
                "before": copy.deepcopy({person: self.values[person] for person in (kept, gone)}),
                "came": [case for case, person in self.owner.items() if person == gone],
                "edited": set(),
            }
        )
        for case, person in self.owner.items():
            if person == gone:
                self.owner[case] = kept
        self.absorbed[gone] = kept

    def edit(self, person: int, name: str, value: str) -> None:
        """Change a value, and remember it for every merge under that record."""
        self.values[person][name] = value
        for merge in self.merges:
            if merge["kept"] == person:
                merge["edited"].add(name)

    def undo(self, merge: dict[str, Any], returning: list[int]) -> None:
        """Give back what came, what was chosen, and each value that nobody edited since."""
        kept, gone = merge["kept"], merge["gone"]
        for case in (*merge["came"], *returning):
            if self.owner[case] == kept:
                self.owner[case] = gone
        for name, value in merge["before"][kept].items():
            if name not in merge["edited"]:
                self.values[kept][name] = value
        self.values[gone] = merge["before"][gone]
        del self.absorbed[gone]
        self.merges.remove(merge)
