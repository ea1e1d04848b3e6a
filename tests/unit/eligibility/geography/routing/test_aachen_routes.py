"""Ten walks in Aachen, fixed to the millimetre on one network, each checked three ways that share no code with ours.

1. networkit finds the same length on the same edges (the two ends put in as nodes of their own).
2. Every stretch drawn is a side of a way (or a line across a plaza) that pyosmium reads from the raw extract, and the
   sum of pyproj's geodesics over those raw nodes is the length.
3. A person has read the streets against the map; what was looked at stands in the table.

Houses, points and ways are (c) OpenStreetMap contributors, ODbL 1.0 (extract of 2021-08-01); schools: SVWS register.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import networkit
import numpy as np
import osmium
import pytest
from geography import Entrance, Measurement, Network, Point, measure
from geography.network.walking_rules import ONE_WAY, PLAZA, STANDARD
from geography.routing.block import block
from pyproj import Geod

pytestmark = pytest.mark.real_data
GEOD = Geod(ellps="GRS80")
GRAPH = "eca2e69d92433de78eadc5003b9276f8de9e3b3108e975f6d99763bcc9988355"
"""Of the network by which the metres below hold: another reading of the tags or another extract gives another one."""


@dataclass(frozen=True)
class Route:
    home: tuple[float, float]
    """Latitude, longitude."""
    street: str
    entrances: tuple[tuple[float, float], ...]
    metres: float
    streets: tuple[str, ...]
    """Named legs in order."""
    plazas: bool = True
    """False: walked round, as the reference did it."""


ROUTES = {
    # The reference (docs/sources/routing.md, 6) from Lütticher Straße 38 to the corner of Luise-Hensel-Schule's grounds:
    # 2,488.9 m = 6.0 + 2,480.1 + 2.8, plazas walked round, the door on the nearest way. Read: out by the building's passage (way 624134378), the inner
    # ring Boxgraben, the station (round the plaza way 35937902), the steps way 423138974 down to Kurbrunnenstraße;
    # crossings with lights among others at nodes 3738226389, 4150274897, 4219728603 and 367755372.
    "reference": Route(
        (50.7677685, 6.0728229), "", ((50.7637876, 6.1010498),), 2488.934,
        ("Lütticher Straße", "Boxgraben", "Lagerhausstraße", "Bahnhofplatz", "Bahnhofplatz", "Hackländerstraße",
         "Kasinostraße", "Kurbrunnenstraße", "Friedrich-Ebert-Allee", "Im Gillesbachtal", "Wilhelm-Pitz-Weg"),
        plazas=False,
    ),
    # To a primary school, 52.742 m below its limit of 2,000 m: over the ring at the lights (node 194925434),
    # along the signed foot- and cycleway beside it (foot=designated), not the carriageway; through the school's gate
    # (node 1447306601) in Pottenmühlenweg, the nearest of three entrances.
    "Steppenbergallee 9": Route(
        (50.7690642, 6.0434603), "Steppenbergallee",
        ((50.7685511, 6.068464), (50.7690873, 6.0688182), (50.7691487, 6.0682931)), 1947.258,
        ("Steppenbergallee", "Hammerweg", "Pottenmühlenweg"),
    ),
    # Down Adalbertsteinweg and over Kaiserplatz by crossings with lights (nodes 149196537, 149196398), no square crossed.
    "Adalbertsteinweg 44": Route(
        (50.7743929, 6.1002879), "Adalbertsteinweg", ((50.77392685188507, 6.093895781288184),), 527.644,
        ("Adalbertsteinweg", "Kaiserplatz", "Adalbertstraße", "Beeckstraße"),
    ),
    # Four flights of public steps (ways 13856715, 139157995 …) on the hill between the two streets; no marked crossing.
    "Branderhofer Weg 6": Route(
        (50.762139736233124, 6.098255418303598), "Branderhofer Weg", ((50.7644023300242, 6.101535333910036),), 452.410,
        ("Branderhofer Weg", "Weingartshof", "Weingartsberg", "Im Gillesbachtal"),
    ),
    # Theaterstraße to the lights at Kurbrunnenstraße (node 150724758), the zebra in Dammstraße (node 130018772), up the
    # steps way 16619933 and Michaelstreppe (way 9277506).
    "Schützenstraße 22": Route(
        (50.77171501066461, 6.090809569919562), "Schützenstraße", ((50.76396963096262, 6.0949953627863),), 1147.192,
        ("Schützenstraße", "Theaterstraße", "Kurbrunnenstraße", "Dammstraße", "Michaelstreppe", "Michaelsbergstraße"),
    ),
    # Out of the wood by Düstergasse (a bridge open on foot, way 213851841), the ring's footway, the bridge way 499365229;
    # ends on the school's gate itself (node 950051629), so without a connector.
    "Preusweg 64": Route(
        (50.75778349760178, 6.059718366802736), "Preusweg",
        ((50.7798896, 6.0586942), (50.7799777, 6.0597474), (50.7802598, 6.0601685), (50.7804723, 6.0596463)), 3122.620,
        ("Preusweg", "Amsterdamer Ring", "Hasselholzer Weg", "Düstergasse", "Johannes-von-den-Driesch-Weg"),
    ),
    # Straight across Anna-Sittarz-Platz (a multipolygon, relation 7821409), then Templergraben, its lights
    # (node 966985329) and the alleys behind, past two bollards that stop cars only.
    "Vaalser Straße 140": Route(
        (50.7707533, 6.0660234), "Vaalser Straße",
        ((50.7799007, 6.0841377), (50.7799131, 6.0840025), (50.7799242, 6.0838598)), 1808.163,
        ("Vaalser Straße", "Lochnerstraße", "Mauerstraße", "Anna-Sittarz-Platz", "Templergraben", "Driescher Gässchen",
         "Hirschgraben", "Sutroweg", "Bergdriesch"),
    ),
    # From the old town over Boxgraben at the lights (node 2690421110), over the railway by the bridge of Burtscheider
    # Straße (way 237661260, sidewalk on both sides), to the gate at the foot of the grounds (node 1296203851).
    "Löhergraben 13": Route(
        (50.7724098, 6.0794754), "Löhergraben", ((50.7566462, 6.0914697),), 2329.450,
        ("Löhergraben", "Mörgensstraße", "Matthiashofstraße", "Kasernenstraße", "Karmeliterstraße", "Karmeliterstraße",
         "Boxgraben", "Friedlandstraße", "Burtscheider Straße", "Krugenofen", "Neustraße", "Eckenberger Straße",
         "Berdoletstraße", "Malmedyer Straße"),
    ),
    # One long street out of town, crossings with lights only (among them nodes 352905376 and 262405018).
    "Adalbertsteinweg 23-25": Route(
        (50.774683, 6.0985567), "Adalbertsteinweg",
        ((50.7602002, 6.1308243), (50.7599659, 6.1310328), (50.7598227, 6.1310657), (50.7597368, 6.1309628)), 3128.380,
        ("Adalbertsteinweg", "Trierer Straße", "Adenauerallee", "Lintertstraße", "Goldberg"),
    ),
    # 67.484 m above the limit of 3,500 m for grades 5 to 10: the outer ring Monheimsallee – Heinrichsallee –
    # Wilhelmstraße and under the railway by the tunnel of Moltkestraße (way 30625915, layer -1, sidewalk right).
    "Purweider Weg 14a": Route(
        (50.790662, 6.0865309), "Purweider Weg", ((50.7644023300242, 6.101535333910036),), 3567.484,
        ("Purweider Weg", "Soerser Weg", "Krefelder Straße", "Monheimsallee", "Heinrichsallee", "Wilhelmstraße",
         "Warmweiherstraße", "Moltkestraße", "Friedrich-Ebert-Allee", "Im Gillesbachtal"),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def measured(aachen: Network) -> dict[str, Measurement]:
    around = block(aachen, np.flatnonzero(aachen.arrays["edge_bits"] & PLAZA))
    return {
        name: measure(
            aachen, Point(*each.home), [Entrance(Point(*one)) for one in each.entrances], each.street,
            None if each.plazas else around,
        )
        for name, each in ROUTES.items()
    }  # fmt: skip


@pytest.mark.parametrize("name", ROUTES)
def test_the_metres_and_streets_of_a_checked_walk_stay(measured: dict[str, Measurement], name: str) -> None:
    found, route = measured[name], ROUTES[name]
    assert found.network["graph"]["sha256"] == GRAPH
    assert round(found.metres, 3) == route.metres
    assert tuple(leg.street for leg in found.legs if leg.street) == route.streets


def test_another_engine_finds_the_same_length_on_the_same_edges(
    aachen: Network, measured: dict[str, Measurement]
) -> None:
    for name, route in ROUTES.items():
        found = measured[name]
        assert theirs(aachen, found, plazas=route.plazas) == pytest.approx(found.metres, abs=1e-6)


def theirs(network: Network, found: Measurement, *, plazas: bool) -> float:
    """networkit on every open edge as it was cut; home and entrance are nodes that split their edges."""
    arrays, count = network.arrays, network.node_count
    graph = networkit.Graph(count + 2, weighted=True, directed=True)
    ends: dict[int, list[tuple[float, int]]] = {found.snap_from.edge: [], found.snap_to.edge: []}
    for node, snap in ((count, found.snap_from), (count + 1, found.snap_to)):
        ends[snap.edge].append((along(network, snap.edge, snap.point), node))
    for edge in np.flatnonzero(arrays["edge_bits"] & STANDARD).tolist():
        if not plazas and arrays["edge_bits"][edge] & PLAZA:
            continue
        first, last, length = int(arrays["edge_from"][edge]), int(arrays["edge_to"][edge]), arrays["edge_length"][edge]
        stops = [(0.0, first), *sorted(ends.get(edge, [])), (float(length), last)]
        for (begin, a), (end, b) in pairwise(stops):
            graph.addEdge(a, b, end - begin)
            if not arrays["edge_bits"][edge] & ONE_WAY:
                graph.addEdge(b, a, end - begin)
    search = networkit.distance.Dijkstra(graph, count, storePaths=False)
    search.run()
    return float(search.distance(count + 1)) + found.snap_from.metres + found.snap_to.metres


def along(network: Network, edge: int, place: Point) -> float:
    """Metres from an edge's first point to a place on it, by geodesics."""
    begin, stop = network.arrays["shape_start"][edge : edge + 2]
    lat, lon = network.arrays["shape_lat"][begin:stop] / 1e7, network.arrays["shape_lon"][begin:stop] / 1e7
    done, best = 0.0, (float("inf"), 0.0)
    for a in range(len(lat) - 1):
        whole = GEOD.inv(lon[a], lat[a], lon[a + 1], lat[a + 1])[2]
        to, on = (
            GEOD.inv(lon[a], lat[a], place.lon, place.lat)[2],
            GEOD.inv(place.lon, place.lat, lon[a + 1], lat[a + 1])[2],
        )
        best = min(best, (to + on - whole, done + to))
        done += whole
    return best[1]


def test_every_stretch_is_drawn_in_the_raw_extract_and_their_geodesics_sum_up(
    aachen_extract: Path, measured: dict[str, Measurement]
) -> None:
    sides, rings = raw_sides(aachen_extract, {way for found in measured.values() for way in found.ways})
    for name, found in measured.items():
        points = [tuple(point) for point in found.geometry["coordinates"]]
        total, across = 0.0, 0.0
        for number, (a, b) in enumerate(pairwise(points)):
            metres = GEOD.inv(*a, *b)[2]
            total += metres
            whole = 1 < number < len(points) - 3  # the first two and last two hold connectors and parts of sides
            if whole and (pair := frozenset((whole_number(a), whole_number(b)))) not in sides:
                assert pair <= rings, f"{name}: {a} to {b} is no side of a way, nor do both lie on a plaza's outline"
                across += metres
        assert total == pytest.approx(found.metres, abs=1e-4)
        assert (across > 0) == ("crosses_plaza" in found.flags)


def whole_number(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * 1e7), round(point[1] * 1e7)


def raw_sides(extract: Path, wanted: set[int]) -> tuple[set[frozenset[tuple[int, int]]], set[tuple[int, int]]]:
    """Sides of the wanted ways, and the points of all plazas, straight from pyosmium."""
    ways: dict[int, list[int]] = {}
    members = {
        member.ref
        for each in osmium.FileProcessor(str(extract), osmium.osm.RELATION)
        if isinstance(each, osmium.osm.Relation) and -each.id in wanted
        for member in each.members
    }
    outlines: set[int] = set()
    for each in osmium.FileProcessor(str(extract), osmium.osm.WAY):
        if isinstance(each, osmium.osm.Way) and (each.id in wanted or each.id in members):
            ways[each.id] = [node.ref for node in each.nodes]
            if each.id in members or each.tags.get("area") == "yes":
                outlines.add(each.id)
    nodes = {node for refs in ways.values() for node in refs}
    place = {
        each.id: (each.location.x, each.location.y)
        for each in osmium.FileProcessor(str(extract), osmium.osm.NODE)
        if isinstance(each, osmium.osm.Node) and each.id in nodes
    }
    sides = {frozenset((place[a], place[b])) for way in wanted if way in ways for a, b in pairwise(ways[way])}
    return sides, {place[node] for way in outlines for node in ways[way]}
