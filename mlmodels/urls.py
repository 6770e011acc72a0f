from django.urls import path

from mlmodels.views import index, reports, runs, subjects, tuning, versions

app_name = "mlmodels"
urlpatterns = [
    path("", index.index, name="index"),
    path("problems/<slug:problem>/activity/", index.activity, name="activity"),
    path("problems/<slug:problem>/summary/", index.check, name="check"),
    path("problems/<slug:problem>/train/", index.start, name="start"),
    path("problems/<slug:problem>/roll-back/", versions.roll_back, name="roll-back"),
    path("runs/", runs.history, name="history"),
    path("runs/<uuid:pk>/", runs.run, name="run"),
    path("runs/<uuid:pk>/live/", runs.live, name="run-live"),
    path("runs/<uuid:pk>/cancel/", runs.cancel, name="run-cancel"),
    path("runs/<uuid:pk>/retry/", runs.retry, name="run-retry"),
    path("runs/<uuid:pk>/report.csv", reports.of_run, name="run-report"),
    path("runs/<uuid:pk>/subjects/", subjects.of_run, name="run-subjects"),
    path("runs/<uuid:pk>/subjects.csv", subjects.download, name="run-subjects-csv"),
    path("report/", reports.report, name="report"),
    path("report.csv", reports.download, name="report-csv"),
    path("tuning/", tuning.studies, name="tuning"),
    path("tuning/<uuid:pk>/", tuning.study, name="study"),
    path("versions/", versions.versions, name="versions"),
    path("versions/compare/", versions.compare, name="compare"),
    path("versions/<slug:version>/", versions.version, name="version"),
    path("versions/<slug:version>/promote/", versions.promote, name="version-promote"),
    path("versions/<slug:version>/challenge/", versions.make_challenger, name="version-challenge"),
    path("versions/<slug:version>/archive/", versions.archive, name="version-archive"),
    path("versions/<slug:version>/export/", versions.export, name="version-export"),
]
