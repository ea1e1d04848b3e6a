"""From the town's drawing board to latitude and longitude.

The board is ETRS89 / UTM zone 32 (EPSG:25832), the grid of the German land survey and of the school register, shifted
to a local origin. The inverse series is Krüger's, as in Karney, "Transverse Mercator with an accuracy of a few
nanometers", J. Geodesy 85 (2011), equations 11, 29 and 36; three terms are good for a millimetre in one zone.
"""

import math
from typing import NamedTuple

SEMI_MAJOR_M = 6378137.0
FLATTENING = 1 / 298.257222101  # GRS80
SCALE = 0.9996
FALSE_EASTING_M = 500_000.0
CENTRAL_MERIDIAN_DEG = 9.0  # zone 32

_N = FLATTENING / (2 - FLATTENING)
_RADIUS_M = SEMI_MAJOR_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BETA = (_N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96, _N**2 / 48 + _N**3 / 15, 17 * _N**3 / 480)


class Point(NamedTuple):
    """A place on the drawing board: metres east and north of the town's origin."""

    x: float
    y: float

    def distance(self, other: "Point") -> float:
        """In metres, as the crow flies."""
        return math.hypot(self.x - other.x, self.y - other.y)

    def towards(self, other: "Point", metres: float) -> "Point":
        """The point `metres` from here on the line to `other`."""
        share = metres / self.distance(other)
        return Point(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)


class Position(NamedTuple):
    """Degrees, ETRS89, which the map takes for WGS84 as OpenStreetMap does."""

    latitude: float
    longitude: float


def position(easting: float, northing: float) -> Position:
    """The position of UTM zone 32 coordinates in metres."""
    xi = northing / (SCALE * _RADIUS_M)
    eta = (easting - FALSE_EASTING_M) / (SCALE * _RADIUS_M)
    xi_sphere, eta_sphere = xi, eta
    for order, beta in enumerate(_BETA, start=1):
        xi_sphere -= beta * math.sin(2 * order * xi) * math.cosh(2 * order * eta)
        eta_sphere -= beta * math.cos(2 * order * xi) * math.sinh(2 * order * eta)
    conformal = math.asin(math.sin(xi_sphere) / math.cosh(eta_sphere))
    longitude = math.atan2(math.sinh(eta_sphere), math.cos(xi_sphere))
    return Position(
        math.degrees(_geodetic_latitude(conformal)),
        CENTRAL_MERIDIAN_DEG + math.degrees(longitude),
    )


def _geodetic_latitude(conformal: float) -> float:
    """Newton's method on the conformal latitude (Karney's equations 7 to 9); radians."""
    eccentricity = math.sqrt(FLATTENING * (2 - FLATTENING))
    wanted = math.tan(conformal)
    tangent = wanted
    for _ in range(3):  # quadratic: the third step changes nothing any more
        hypotenuse = math.hypot(1.0, tangent)
        sigma = math.sinh(eccentricity * math.atanh(eccentricity * tangent / hypotenuse))
        reached = tangent * math.hypot(1.0, sigma) - sigma * hypotenuse
        slope = (1 + (1 - eccentricity**2) * tangent**2) / ((1 - eccentricity**2) * hypotenuse)
        tangent += (wanted - reached) / math.hypot(1.0, reached) * slope
    return math.atan(tangent)
