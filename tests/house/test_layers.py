"""The house keeps its order: pure modules import nothing heavy, every stamp is declared."""

import subprocess
import sys

from pdp.core.resources import data_dir
from pdp.web.states import STATES


def test_rules_and_policy_load_neither_flask_nor_sqlalchemy() -> None:
    script = (
        "import pathlib, sys, importlib, pdp\n"
        "root = pathlib.Path(pdp.__file__).parent\n"
        "names = [p for p in root.rglob('*.py') if 'rules' in p.parts or p.stem in {'rules', 'enums'}"
        " or 'policy' in p.parts]\n"
        "for path in names:\n"
        "    parts = path.relative_to(root.parent).with_suffix('').parts\n"
        "    importlib.import_module('.'.join(part for part in parts if part != '__init__'))\n"
        "heavy = {'flask', 'sqlalchemy', 'marshmallow', 'jinja2', 'apscheduler'} & set(sys.modules)\n"
        "print(len(names), sorted(heavy))\n"
        "sys.exit(bool(heavy))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 10


def test_every_state_has_a_drawn_shape_and_a_french_word() -> None:
    sprite = (data_dir("static") / "icons.svg").read_text()
    for key, state in STATES.items():
        assert f'id="s-{state.shape}"' in sprite, f"{key}: no shape {state.shape}"
        assert state.label.strip(), key
