"""What each football model learned, as it is shown to people; `to_weights` of the estimators is what is stored."""

from __future__ import annotations

from typing import Any

from predictions.football.markets import LABELS


def frequencies(estimator: Any) -> dict[str, Any]:
    """Of each competition, how often hosts won, nobody did, and guests did."""
    return {
        "frequencies": {
            code: dict(zip(LABELS, shares.tolist(), strict=True)) for code, shares in estimator.rates_.items()
        }
    }


def elo_ratings(estimator: Any) -> dict[str, Any]:
    """Rating points of every team; 1500 is usual."""
    return {
        "ratings": {code: {team: {"rating": rating} for team, rating in teams} for code, teams in _rated(estimator)}
    }


def pi_ratings(estimator: Any) -> dict[str, Any]:
    """Ratings of every team on its own and on others' grounds; 0 is usual."""
    return {
        "ratings": {
            code: {team: {"at home": home, "away": away} for team, (home, away) in teams}
            for code, teams in _rated(estimator)
        }
    }


def strengths(estimator: Any) -> dict[str, Any]:
    """Attack and defence of every team on the log scale of goals (0 is usual), and the matches they rest on."""
    return {
        "rho": estimator.rho_,
        "newcomer": list(estimator.newcomer_),
        "strengths": {
            code: {
                team: {"attack": s.attack, "defence": s.defence, "matches, by weight": s.weight}
                for team, s in teams.items()
            }
            for code, teams in estimator.strengths_.items()
        },
        "competitions": {
            code: {"goal level": level, "home advantage": estimator.home_advantage_[code]}
            for code, level in estimator.level_.items()
        },
    }


def importances(estimator: Any) -> dict[str, Any]:
    """Each feature's share of what the trees gained, largest first."""
    ranked = sorted(_named(estimator, estimator.importances_), key=lambda pair: -pair[1])
    return {"importances": dict(ranked)}


def blend_weights(estimator: Any) -> dict[str, Any]:
    """How much each member counts, the logit's line and the trees' importances."""
    logit = estimator.fitted_["logit"]
    return {
        "blend_alpha": estimator.blend_alpha_,
        "alpha_without_market": estimator.alpha_without_,
        "thresholds": logit.thresholds_.tolist(),
        "coefficients": dict(_named(logit, logit.coef_)),
        **importances(estimator.fitted_["boosting"]),
    }


def _named(estimator: Any, values: Any) -> list[tuple[str, float]]:
    return list(zip(estimator.feature_names_in_.tolist(), values.tolist(), strict=True))


def _rated(estimator: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
    """(competition, [(team, rating)])."""
    return [
        (code, [(team, rating) for team, (rating, _) in table.ratings.items()])
        for code, table in estimator.tables_.items()
    ]
