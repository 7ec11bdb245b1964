"""Sphinx configuration. The build needs no network."""

import importlib
import inspect
import re
import shutil
import sys
import types
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS.parent), str(DOCS)]

from api_reference import API_REFERENCE
from figures import substitutions
from picture import write_picture
from sphinx.errors import ConfigError

import skdataquality
from benchmarks._tables import write_pages

project = "skdataquality"
author = "The skdataquality developers"
project_copyright = "2026, The skdataquality developers"
version = release = skdataquality.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "_templates", "examples"]
default_role = "literal"
rst_epilog = substitutions()
smartquotes = False
add_function_parentheses = False

html_theme = "pydata_sphinx_theme"
html_title = "skdataquality"
html_static_path = ["_static"]
html_css_files = ["front.css"]
html_theme_options = {"show_prev_next": False, "secondary_sidebar_items": ["page-toc"]}

autodoc_typehints = "none"
autosummary_generate = True
numpydoc_show_class_members = False

sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "auto_examples",
    "within_subsection_order": "FileNameSortKey",
    "reference_url": {"skdataquality": None},
    "show_memory": False,
    "write_computation_times": False,
}


def write_api_index():
    """Write api/index.rst anew; a name that does not import stops the build."""
    shutil.rmtree(DOCS / "api", ignore_errors=True)
    blocks = ["API reference\n============="]
    for title, description, module, names in API_REFERENCE:
        for name in names:
            try:
                getattr(importlib.import_module(module), name)
            except (ImportError, AttributeError) as error:
                message = f"docs/api_reference.py, {module}.{name}: {error}"
                raise ConfigError(message) from error
        table = ".. autosummary::\n   :toctree: generated\n   :nosignatures:\n\n"
        table += "\n".join(f"   {name}" for name in names)
        heading = f"{title}\n{'-' * len(title)}"
        blocks += [heading, description, f".. currentmodule:: {module}", table]
    (DOCS / "api").mkdir()
    (DOCS / "api" / "index.rst").write_text("\n\n".join(blocks) + "\n", "utf-8")


# What a class takes over from int, tuple or Exception.
COMPILED = (
    types.BuiltinMethodType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
    types.MethodDescriptorType,
)


def skip_member(app, what, name, obj, skip, options):
    """Leave out metadata routing and what builtins bring along."""
    if isinstance(obj, COMPILED):
        return True
    if re.fullmatch(r"set_\w+_request|get_metadata_routing", name):
        return True
    return None


def unlink_inherited(app, what, name, obj, options, lines):
    """Turn the cross-references of docstrings we did not write into plain text.

    Inherited docstrings refer to labels and terms of other projects' pages. Our own
    are left alone, so that a wrong reference of ours still fails the build.
    """
    source = inspect.unwrap(obj.fget if isinstance(obj, property) else obj)
    module = str(getattr(source, "__module__", None) or "")
    if module.split(".")[0] == "skdataquality" and getattr(source, "__doc__", None):
        return
    reference = r":(?:ref|term|doc|any):`([^`<]+?)(?:\s*<[^`>]*>)?`"
    text = re.sub(
        reference, lambda found: found[1].replace("_", r"\_"), "\n".join(lines)
    )
    lines[:] = text.split("\n")


def escape_types(app, what, name, obj, options, lines):
    """Let numpydoc's `coef_, rank_ : array of shape (n_features_in_,)` hold no link."""
    for i, line in enumerate(lines):
        if re.match(r"\s*\*\*[^*]+\*\* : ", line):
            lines[i] = re.sub(r"(?<=\w)_(?=[\s,)]|$)", r"\\_", line)


def drop_type_docstring(app, what, name, obj, options, lines):
    """Keep what `help(int)` says from standing below a constant."""
    if what == "data" and "\n".join(lines).strip() == inspect.getdoc(type(obj)):
        lines.clear()


def markdown_to_rst(app, relative_path, parent_docname, content):
    """Translate what CHANGELOG.md uses: headings, code and links."""
    if relative_path.suffix != ".md":
        return
    lines = []
    for line in content[0].splitlines():
        if heading := re.fullmatch(r"(#+) (.+)", line):
            level, title = len(heading[1]), heading[2]
            line = f"{title}\n{'=-~'[level - 1] * len(title)}\n"
        line = re.sub(r"`([^`]+)`", r"``\1``", line)
        lines.append(re.sub(r"\[([^]]+)\]\(([^)]+)\)", r"`\1 <\2>`__", line))
    content[0] = "\n".join(lines)


def setup(app):
    """Generate pages before the sources are listed, then hook in."""
    write_api_index()
    write_pages(DOCS)
    write_picture(DOCS / "report.svg")
    app.connect("autodoc-skip-member", skip_member)
    app.connect("autodoc-process-docstring", unlink_inherited, priority=100)
    app.connect("autodoc-process-docstring", drop_type_docstring, priority=100)
    # After numpydoc, whose priority is the usual 500.
    app.connect("autodoc-process-docstring", escape_types, priority=900)
    app.connect("include-read", markdown_to_rst)
