"""The demo town Eschenborn: drawn by a seed, written in the file formats that a real authority downloads.

Eschenborn does not exist. It lies at a real place of the coordinate system (UTM zone 32, east of Paderborn), because
everything that measures must measure it as it measures any other town.
"""

from local.town.draw import TownFiles, draw_town

__all__ = ["TownFiles", "draw_town"]
