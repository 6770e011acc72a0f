from django.urls import path

from predictions.api.backtests import views

urlpatterns = [
    path("backtests/", views.BacktestsView.as_view(), name="backtests"),
    path("backtests/<uuid:pk>/", views.BacktestView.as_view(), name="backtest"),
    path("backtests/<uuid:pk>/cancel/", views.CancelView.as_view(), name="backtest-cancel"),
    path("backtests/<uuid:pk>/bets/", views.BetsView.as_view(), name="backtest-bets"),
]
