"""Leagues that are drawn, not played."""

from django.db import models

from matches.models.play import Competition


class SimulatedLeague(models.Model):
    """How a simulated competition is drawn: `rules` (see `matches.simulation.rules`) hold its seed, so all of it."""

    competition = models.OneToOneField(Competition, on_delete=models.CASCADE, related_name="simulation")
    rules = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("competition",)

    def __str__(self) -> str:
        return f"{self.competition.name} (simulated)"
