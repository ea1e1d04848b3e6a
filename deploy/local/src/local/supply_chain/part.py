"""One part that others made: a package of a lock, or a file that a page serves."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Digest:
    """As CycloneDX writes it: `SHA-256` or `SHA-512`, and lower-case hexadecimal digits."""

    algorithm: str
    content: str


@dataclass(frozen=True)
class EmbeddedPart:
    """What was compiled into a package: a library or crate of others, by its package URL without qualifiers."""

    url: str
    name: str
    version: str


@dataclass(frozen=True)
class Package:
    """One line of a lock. The same name may come twice, in versions for different Pythons."""

    ecosystem: str
    """`pypi` or `npm`, as package URLs call it."""
    name: str
    version: str
    digests: tuple[Digest, ...]
    """One for each archive that the lock accepts: a wheel for each kind of machine, and the source."""
    licence: str | None
    """As the package says it of itself; None where it is not installed here or says nothing."""
    shipped: bool
    """False for what only tests and builds use."""
    direct: bool
    """Whether the project itself asks for it."""
    needs: tuple[str, ...]
    """Names of packages of the same ecosystem."""
    inside: tuple[EmbeddedPart, ...] = ()
    """As far as the installed package tells."""

    @property
    def url(self) -> str:
        """The package URL, by which bills of materials and lists of vulnerabilities name a part."""
        return f"pkg:{self.ecosystem}/{quote(self.name, safe='/')}@{quote(self.version, safe='')}"


@dataclass(frozen=True)
class File:
    """A file that was built or copied from a package and that a page serves: a font, a script, a WebAssembly."""

    path: str
    """Below the project."""
    digest: Digest
    made_from: Package
    licence: str | None
    """Where it is another one than its package's: a font in a package of style sheets."""
