"""`pdp eligibility FILE.json`: verdicts from a file of facts, without database, settings or current folder."""

import argparse
import json
import sys
from io import TextIOWrapper
from typing import Any, BinaryIO, TextIO

from pdp.core.clock import today
from pdp.dispositifs.catalogue import load_ruleset
from pdp.dispositifs.rules import FactError, assess_all

_STANDARD_INPUT = "-"


def run_eligibility(
    path: str, *, all_rules: bool, stdout: TextIO, stderr: TextIO, stdin: BinaryIO | None = None
) -> int:
    """Assess the document at `path` (`-`: standard input) and print the answer as JSON.

    Returns the exit code: 0 whatever the verdicts, 2 with a French message on `stderr` when the document is
    not understood; nothing is then printed on `stdout`.
    """
    for stream in (stdout, stderr):
        # JSON is UTF-8 whatever the locale; a text buffer given by a caller is left as it is.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        document = _read_document(path, stdin)
        answer = assess_all(load_ruleset(), document, today=today(), all_rules=all_rules)
    except FactError as error:
        print(f"pdp eligibility : {error.message}", file=stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False, indent=2), file=stdout)
    return 0


def _read_document(path: str, stdin: BinaryIO | None) -> object:
    try:
        if path == _STANDARD_INPUT:
            content = (stdin or sys.stdin.buffer).read()
        else:
            with open(path, "rb") as file:
                content = file.read()
        return json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_object_without_repeats, parse_constant=_refuse_constant
        )
    except OSError as error:
        raise FactError(f"Le fichier « {path} » ne peut pas être lu ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise FactError("Le document n’est pas en UTF-8.") from None
    except json.JSONDecodeError as error:
        raise FactError(f"JSON mal formé, ligne {error.lineno}, colonne {error.colno} ({error.msg}).") from None
    except (ValueError, RecursionError):
        raise FactError("JSON hors limites : nombre trop long ou objets trop emboîtés.") from None


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = sorted({name for name in names if names.count(name) > 1})
        raise FactError(f"Un même objet donne deux fois « {repeated[0]} ».")
    return content


def _refuse_constant(word: str) -> Any:
    raise FactError(f"« {word} » n’est pas un nombre.")


def main(arguments: list[str] | None = None) -> int:
    """Run the command on its own: `python -m pdp.dispositifs.commands FILE.json [--all]`."""
    parser = argparse.ArgumentParser(prog="pdp eligibility")
    parser.add_argument("file", help="JSON file of facts, or - for the standard input")
    parser.add_argument("--all", action="store_true", dest="all_rules", help="also list the rules that passed")
    options = parser.parse_args(arguments)
    return run_eligibility(options.file, all_rules=options.all_rules, stdout=sys.stdout, stderr=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
