"""A contract as YAML: `read_contract` lists every fault at once, with path, line and nearest name; `write_contract` writes what people edit."""

from collections.abc import Mapping

from gensvar.contracts.contract import Contract
from gensvar.contracts.contract_faults import faults_of
from gensvar.contracts.yaml_nodes import DO, parse
from gensvar.contracts.yaml_read import Faults, read_value
from gensvar.contracts.yaml_write import lines
from gensvar.kit.errors import ContractError


def read_contract(text: str) -> Contract:
    """The contract that the YAML text says. Every scalar is read as text where text is meant: `NO` is Norway, `yes` a word, `007` an id.

    Raises ContractError with all faults at once.

    >>> read_contract("{source: a, owner: b, purpose: c, answers: [{item: said, text: message}]}").answers[0].text
    'message'
    """
    faults = Faults()
    contract = read_value(Contract, parse(text), "", faults)
    if isinstance(contract, Contract):
        faults.lines.extend(faults_of(contract))
    if faults.lines or not isinstance(contract, Contract):
        name = contract.source if isinstance(contract, Contract) else ""
        raise ContractError(f"The contract {name!r} has faults" if name else "The contract has faults", faults=faults.lines, do=DO)
    return contract


def write_contract(contract: Contract, notes: Mapping[str, str] | None = None) -> str:
    """The contract as YAML, one line for each part, what equals the default left out. Reading it back gives the same contract.

    notes: path → a remark beside its line, as {"at.order": "all days ≤ 12"} or {"answers[0].score": "values 1…5"}.
    """
    return "\n".join(lines(contract, notes or {})) + "\n"
