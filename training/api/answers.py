"""What is told of reports and recommendations, as JSON: built once, kept, and given again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matches.models import Replay
from training.models import Drill, Recommendation, SkillReport, TrainingPack

if TYPE_CHECKING:
    from training.recommending import Recommended

DIGITS = 4


def analysis(report: SkillReport) -> dict[str, Any]:
    """All of an analysis, the confidence included."""
    return {
        "user_id": report.user_id,
        "analysis_date": report.made_at,
        "primary_weakness": report.primary_weakness or None,
        "confidence": round(report.confidence, DIGITS),
        "skill_categories": _rounded(report.categories),
        "recommendations_available": _something_to_practise(),
        "basis": _basis(report),
    }


def without_confidence(told: Mapping[str, Any]) -> dict[str, Any]:
    """An analysis in which nothing is said of how sure it is."""
    skills = {
        category: {name: value for name, value in skill.items() if name != "probability"}
        for category, skill in told["skill_categories"].items()
    }
    return {**{name: value for name, value in told.items() if name != "confidence"}, "skill_categories": skills}


def recommendations(report: SkillReport, found: Recommended, *, seconds: float) -> dict[str, Any]:
    return {
        "user_id": report.user_id,
        "recommendations": [_recommendation(one) for one in found.recommendations],
        "skill_level_detected": found.skill_level_detected,
        "total_packs_evaluated": found.total_packs_evaluated,
        "generation_time": round(seconds, DIGITS),
        "basis": _basis(report),
    }


def _recommendation(one: Recommendation) -> dict[str, Any]:
    return {
        "training_pack": _pack(one.pack) if one.pack is not None else _drill(one.drill),
        "relevance_score": round(one.score, DIGITS),
        "difficulty_match": round(one.difficulty_match, DIGITS),
        "reasoning": one.reasoning,
        "estimated_improvement": _rounded(one.estimated_improvement),
    }


def _pack(pack: TrainingPack) -> dict[str, Any]:
    return {
        "kind": "pack",
        "id": pack.pk,
        "code": pack.code,
        "name": pack.name,
        "creator": pack.creator,
        "category": pack.category,
        "sub_skill": pack.sub_skill,
        "difficulty": pack.difficulty,
        "shots": pack.shots,
        "minutes": None,
        "goal": pack.description,
        "steps": [],
    }


def _drill(drill: Drill | None) -> dict[str, Any]:
    """The constraint `recommendation_of_one_thing` has it that there is one where there is no pack."""
    assert drill is not None  # noqa: S101 - for the type checker
    return {
        "kind": "drill",
        "id": drill.pk,
        "code": None,
        "name": drill.name,
        "creator": "",
        "category": drill.category,
        "sub_skill": drill.sub_skill,
        "difficulty": drill.difficulty,
        "shots": None,
        "minutes": drill.minutes,
        "goal": drill.goal,
        "steps": drill.steps,
    }


def _basis(report: SkillReport) -> dict[str, Any]:
    prediction = report.prediction
    made_up = Replay.objects.filter(pk__in=report.matches, is_simulated=True)
    return {
        "report_id": str(report.pk),
        "prediction_id": str(prediction.pk) if prediction else None,
        "model_version": prediction.model_version.version if prediction else "",
        "playlist": report.playlist,
        "rank_group": report.rank_group,
        "rank_source": report.rank_source,
        "match_ids": report.matches,
        "compared_with": report.benchmark,
        "is_simulated": bool(report.benchmark.get("is_simulated")) or made_up.exists(),
    }


def _something_to_practise() -> bool:
    return any(model.objects.filter(is_active=True).exists() for model in (TrainingPack, Drill))


def _rounded(value: Any) -> Any:
    """The same with its numbers rounded."""
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    return round(value, DIGITS) if isinstance(value, float) else value
