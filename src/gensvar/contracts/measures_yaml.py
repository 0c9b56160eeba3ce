"""Measures as YAML: a list of definitions, or one under `measures:`, as in a contract."""

import yaml

from gensvar.contracts.measures import Measure
from gensvar.contracts.yaml_nodes import parse
from gensvar.contracts.yaml_read import Faults, read_value
from gensvar.kit.errors import ContractError


def read_measures(text: str) -> tuple[Measure, ...]:
    """The definitions that the YAML text says; ContractError with all its faults at once.

    >>> read_measures("[{id: csat.support, version: 1, metric: csat, low: 1, high: 5, cut: 4}]")[0].key
    'csat.support@1'
    """
    faults = Faults()
    node = parse(text)
    inner = next((v for k, v in node.value if k.value == "measures"), node) if isinstance(node, yaml.MappingNode) else node
    made = read_value(tuple[Measure, ...], inner, "measures", faults)
    if faults.lines or not isinstance(made, tuple):
        raise ContractError("The measures have faults", faults=faults.lines, do="A measure has id, version, metric, low and high.")
    return made
