"""What to practise next: packs and drills scored for one player, and why.

`recommend` is the verb; the rest of the package is what it is made of, module by module:
the catalogue, needs (from a report), scoring, preference (opinions and tastes), diversity, reasons, expectations.
"""

from training.recommending.choosing import Recommended, recommend

__all__ = ["Recommended", "recommend"]
