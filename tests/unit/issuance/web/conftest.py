"""Python's verifier and the scanner page's, over the same trust."""

import pytest
from issuance.signer.ceremony import Pki
from support.issuance.both_verifiers import Both


@pytest.fixture(scope="module")
def both(pki: Pki) -> Both:
    return Both(list(pki.certificates.values()), pki.trust_list)
