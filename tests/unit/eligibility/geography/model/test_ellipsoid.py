"""Lengths and coordinates against pyproj, which shares no code with ours."""

import numpy as np
import pytest
from geography.model.ellipsoid import degrees_from_utm32, length, lengths, utm32_from_degrees
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

GEOD = Geod(ellps="GRS80")
TO_UTM = Transformer.from_crs(4258, 25832, always_xy=True)
lat = st.floats(50.2, 52.6)
lon = st.floats(5.8, 9.6)


@given(lat, lon, st.floats(-0.008, 0.008), st.floats(-0.012, 0.012))
def test_a_segment_of_up_to_a_kilometre_is_as_long_as_the_geodesic(a: float, b: float, da: float, db: float) -> None:
    expected = GEOD.inv(b, a, b + db, a + da)[2]
    assert length(a, b, a + da, b + db) == pytest.approx(expected, rel=3e-8, abs=1e-6)


@given(lat, lon)
def test_utm_agrees_with_pyproj_to_a_tenth_of_a_millimetre_and_comes_back(a: float, b: float) -> None:
    east, north = utm32_from_degrees(a, b)
    expected = TO_UTM.transform(b, a)
    assert (east, north) == pytest.approx(expected, abs=1e-4)
    back = degrees_from_utm32(east, north)
    assert length(a, b, *back) < 1e-4


def test_a_zone_before_the_easting_is_understood() -> None:
    assert degrees_from_utm32(32_349_925.060, 5_685_090.386) == pytest.approx(
        degrees_from_utm32(349_925.060, 5_685_090.386)
    )


def test_a_known_point_in_muenster_province() -> None:
    east, north = TO_UTM.transform(8.7575, 51.7189)
    assert degrees_from_utm32(east, north) == pytest.approx((51.7189, 8.7575), abs=1e-9)


def test_arrays_and_single_values_are_the_same_length() -> None:
    a, b = np.array([51.7, 50.9]), np.array([8.7, 6.9])
    got = lengths(a, b, a + 0.001, b - 0.002)
    assert got.tolist() == [length(x, y, x + 0.001, y - 0.002) for x, y in zip(a, b, strict=True)]


def test_a_sphere_would_be_wrong_by_metres() -> None:
    """The reason for the ellipsoid: 2 km east-west, haversine with the mean radius is 6 m short."""
    metres = length(51.0, 7.0, 51.0, 7.0285)
    sphere = 6_371_000 * np.radians(0.0285) * np.cos(np.radians(51.0))
    assert 4 < metres - sphere < 8
