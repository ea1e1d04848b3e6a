"""`region.osm` of one street, in the folder that is named: enough to build a walking network of."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support.town import Town

town = Town(Path(sys.argv[1]))
for name, x in (("a", 0.0), ("b", 100.0), ("c", 200.0)):
    town.node(name, x, 0)
town.way(1, "a b c").write("region.osm")
