"""Of what the product is made: a bill of materials, its licences, its known vulnerabilities (`make supply-chain`).

The locks are the truth, not what happens to be installed: `make` installs from nothing else, each archive by its hash.
"""
