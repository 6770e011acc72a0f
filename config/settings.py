"""Settings, all from the environment (see `.env.example`).

With `DEBUG` on, every setting has a default that runs the whole of Touchline on one machine with no
service: SQLite, a filesystem broker, local memory. With `DEBUG` off, secrets and hosts must be given.
"""

import sys
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.environment import (
    choice,
    code_version,
    default_site,
    env,
    flag,
    folder,
    number,
    rate,
    secret,
    text,
    url,
    words,
)

# Lets `ModelForm[User]` and the like stand in code as the type checker wants them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = flag("DEBUG", default=False)
CODE_VERSION = code_version(BASE_DIR)

# ---- Secrets and hosts ----
SECRET_KEY = secret("SECRET_KEY", debug=DEBUG)
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
# Newest first: the first signs, all verify, so that a key can be rotated.
ARTIFACT_SIGNING_KEYS = [key.strip() for key in secret("ARTIFACT_SIGNING_KEYS", debug=DEBUG).split(",") if key.strip()]
METRICS_TOKEN = text("METRICS_TOKEN")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set: name the hosts this server answers to, separated by commas.")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

# ---- Folders ----
DATA_DIR = folder("DATA_DIR", default=BASE_DIR / "var")
ARTIFACT_DIR = DATA_DIR / "artifacts"
DATASET_DIR = DATA_DIR / "datasets"
BACKTEST_DIR = DATA_DIR / "backtests"
EVALUATION_LOG_DIR = DATA_DIR / "evaluation-log"
MEDIA_ROOT = DATA_DIR / "media"
STATIC_URL = "static/"
STATIC_ROOT = Path(text("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]

# ---- Apps and the way of a request ----
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid",
    "allauth.socialaccount.providers.steam",
    "allauth.headless",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "django_htmx",
    "django_structlog",
    "csp",
    "accounts",
    "matches",
    "mlmodels",
    "predictions",
    "training",
    # Tools that a developer or a check wants loaded, such as django_migration_linter.
    *words("EXTRA_APPS"),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.metrics.MetricsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.uploads.UploadLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.VisitorTimezoneMiddleware",
    "config.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.visitor",
            ],
        },
    },
]
FORM_RENDERER = "config.forms.TouchlineFormRenderer"

# ---- Database and cache ----
DATABASES: dict[str, dict[str, Any]] = {
    "default": url(
        "DATABASE_URL",
        env.db_url_config,
        ("sqlite", "postgres", "postgresql"),
        default=f"sqlite:///{DATA_DIR / 'touchline.sqlite3'}",
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = number("CONN_MAX_AGE", default=60, at_least=0, at_most=3600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHES = {
    "default": url(
        "CACHE_URL", env.cache_url_config, ("locmemcache", "redis", "rediss", "dummycache"), default="locmemcache://"
    )
}
if CACHES["default"]["BACKEND"].endswith(".RedisCache"):
    CACHES["default"]["BACKEND"] = "config.caches.RedisCache"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Allauth's own migrations of OpenID make smaller keys, which Django would want to change with every check.
MIGRATION_MODULES = {"openid": "accounts.steam.migrations"}

# ---- People ----
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator",
                 "NumericPasswordValidator")
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional" if DEBUG else "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Touchline: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG else "https"
SIGNUP_OPEN = flag("SIGNUP_OPEN", default=True)
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
# Steam tells no address. Whoever comes from there for the first time gives one, and verifies it as everybody does.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_QUERY_EMAIL = False
# Signing in with Steam is offered where its Web API's key is set: https://steamcommunity.com/dev/apikey.
STEAM_API_KEY = text("STEAM_API_KEY")
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "steam": {
        "provider_class": "accounts.steam.provider.SteamProvider",
        "APPS": [{"client_id": "steam", "secret": STEAM_API_KEY}] if STEAM_API_KEY else [],
    }
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Touchline"
MFA_ADAPTER = "accounts.adapters.MfaAdapter"
# Programs sign in through allauth's headless API and carry the JWT it gives; it dies with its session.
HEADLESS_CLIENTS = ["app"]
HEADLESS_TOKEN_STRATEGY = "allauth.headless.tokens.strategies.jwt.JWTTokenStrategy"  # noqa: S105 - a dotted path
HEADLESS_JWT_ALGORITHM = "HS256"
HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED = True

# ---- E-mail ----
EMAIL_URL = text("EMAIL_URL", default="consolemail://" if DEBUG else "")
if not EMAIL_URL:
    raise ImproperlyConfigured(
        "EMAIL_URL is not set, and sign-up sends e-mail: "
        "set smtp+tls://user:password@host:587, or consolemail:// to print it."
    )
vars().update(
    url(
        "EMAIL_URL", env.email_url_config, ("smtp", "smtp+tls", "smtp+ssl", "consolemail", "dummymail"),
        default=EMAIL_URL,
    )
)  # fmt: skip
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", default="Touchline <touchline@localhost>")
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL has no address in it: write it as `Touchline <touchline@example.org>`."
    )
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Of connecting to the mail server, and of each of its answers.
EMAIL_TIMEOUT = 10

# ---- Alerts ----
# What links in messages begin with.
SITE_URL = text("SITE_URL", default=default_site(ALLOWED_HOSTS, debug=DEBUG)).rstrip("/")
if not SITE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}: write it as https://touchline.example.org.")
# After a message, what is raised of the same kind and severity gathers for so long and goes as one.
ALERT_DIGEST = timedelta(seconds=number("ALERT_DIGEST_SECONDS", default=300, at_least=1, at_most=86400))
# Whether webhooks may lead to this server's own network, and by http.
WEBHOOKS_MAY_BE_LOCAL = flag("WEBHOOKS_MAY_BE_LOCAL", default=DEBUG)

# ---- News about players, and the language model ----
# Who reads news: nobody, the lexicon, or a language model with the lexicon behind it.
TEXT_SIGNALS_PROVIDER = choice("TEXT_SIGNALS_PROVIDER", ("", "lexicon", "llm"), default="")
LLM_BASE_URL = text("LLM_BASE_URL").rstrip("/")
if LLM_BASE_URL and not LLM_BASE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured(f"LLM_BASE_URL is {LLM_BASE_URL!r}: write it as https://api.example.org/v1.")
LLM_MODEL = text("LLM_MODEL")
LLM_API_KEY = text("LLM_API_KEY")
LLM_TIMEOUT_SECONDS = number("LLM_TIMEOUT_SECONDS", default=20, at_least=1, at_most=300)
LLM_DAILY_TOKENS = number("LLM_DAILY_TOKENS", default=200_000, at_least=0, at_most=10**9)
if TEXT_SIGNALS_PROVIDER == "llm" and not (LLM_BASE_URL and LLM_MODEL):
    raise ImproperlyConfigured("TEXT_SIGNALS_PROVIDER is 'llm', which needs LLM_BASE_URL and LLM_MODEL.")

# ---- Rocket League coaching ----
# Matches of a player that an analysis takes at least: from one alone little can be told.
MIN_MATCHES_FOR_ANALYSIS = number("MIN_MATCHES_FOR_ANALYSIS", default=1 if DEBUG else 3, at_least=1, at_most=100)
# `manage.py discord_bot` signs in with it; players are offered the bot where it is set.
DISCORD_BOT_TOKEN = text("DISCORD_BOT_TOKEN")

# ---- Language and time ----
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# ---- Security ----
BEHIND_HTTPS = flag("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = number("HSTS_SECONDS", default=31536000, at_least=0, at_most=63072000) if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_HTTPS
SECURE_HSTS_PRELOAD = BEHIND_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The form that leads to Steam is answered by a redirect there, which counts as where it leads.
        "form-action": [SELF, *(["https://steamcommunity.com"] if STEAM_API_KEY else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
MAX_IMPORT_BYTES = number("MAX_IMPORT_BYTES", default=32 * 1024**2, at_least=1024, at_most=1024**3)
# A replay of a long match takes about a gigabyte and a few seconds to read.
REPLAY_MEMORY_MB = number("REPLAY_MEMORY_MB", default=2048, at_least=256, at_most=65_536)
REPLAY_SECONDS = number("REPLAY_SECONDS", default=120, at_least=1, at_most=3600)
# Of how many of a simulated player's matches there is something to watch: the newest.
SIMULATED_SCENES = number("SIMULATED_SCENES", default=5, at_least=0, at_most=1000)
# Of one replay, and of one request that carries files.
MAX_REPLAY_BYTES = number("MAX_REPLAY_BYTES", default=20 * 1024**2, at_least=1024, at_most=1024**3)
MAX_UPLOAD_BYTES = number("MAX_UPLOAD_BYTES", default=64 * 1024**2, at_least=1024, at_most=1024**3)
FILE_UPLOAD_HANDLERS = [
    "config.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
NBA_STATS_ENABLED = flag("NBA_STATS_ENABLED", default=False)
# It blocks who asks more often than every 0.6 seconds.
NBA_STATS_PAUSE_MS = number("NBA_STATS_PAUSE_MS", default=700, at_least=600, at_most=60_000)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# ---- API ----
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # The first names the scheme of a 401.
        "allauth.headless.contrib.rest_framework.authentication.JWTTokenAuthentication",
        "allauth.headless.contrib.rest_framework.authentication.XSessionTokenAuthentication",
        "accounts.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": [
        "config.parsing.ShallowJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.pagination.CursorPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": rate("API_RATE_ANON", default="60/min"),
        "user": rate("API_RATE_USER", default="600/min"),
        "login": "10/min",
        "train": "30/hour",
        "replays": "1200/hour",
    },
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.errors.api_exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Touchline",
    "DESCRIPTION": (
        "Calibrated probabilities, the models behind them, and the ledger that keeps them honest.\n\n"
        "Sign in with an API key (`Authorization: Api-Key tl_…`, made under Settings), with a token of "
        "`/_allauth/app/v1/auth/login` (`Authorization: Bearer …`), or as a browser with its session's cookie. "
        "Lists come in pages: follow `next`, and ask for up to 200 rows by `page_size`. "
        "Every error is `{code, message, detail?}`. Times are UTC, probabilities 0..1, odds decimal."
    ),
    "TAGS": [
        {"name": "predictions", "description": "The ledger: what was said, and how it turned out."},
        {
            "name": "player props",
            "description": "Basketball: forecasts of what players count, and what is known of them.",
        },
        {"name": "coach", "description": "Rocket League: what holds a player back, and what to practise."},
        {"name": "matches", "description": "Competitions, teams, matches and their odds."},
        {"name": "replays", "description": "Rocket League: matches that were recorded, and what was counted in them."},
        {"name": "model", "description": "Models: the one in service, its training, promotion and roll back."},
        {"name": "challengers", "description": "Who may replace the champion, and on what evidence. For staff."},
        {"name": "backtests", "description": "What betting on a model's word would have brought. For staff, 18+."},
        {"name": "alerts", "description": "What needs a person, who is told of it, and what was sent. For staff."},
        {"name": "tasks", "description": "Training runs, while and after they run."},
        {"name": "coaching", "description": "Rocket League: who a player is, their rank, and who coaches them."},
        {"name": "account", "description": "The person who asks."},
    ],
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "TaskStatusEnum": "mlmodels.models.TrainingRun.Status",
        "MatchStatusEnum": "matches.models.Match.Status",
        "AvailabilityStatusEnum": "matches.models.Availability.Status",
        "ReplayStatusEnum": "matches.models.Replay.Status",
        "ReplaySourceEnum": "matches.models.Replay.Source",
        "AlertStatusEnum": "predictions.models.Alert.Status",
        "AlertKindEnum": "predictions.models.Alert.Kind",
        "AlertSeverityEnum": "predictions.models.Severity",
        "AlertMetricEnum": "predictions.models.AlertRule.Metric",
        "AlertChannelKindEnum": "predictions.models.AlertChannel.Kind",
        "AlertDeliveryStatusEnum": "predictions.models.AlertDelivery.Status",
        "RankGroupEnum": "matches.models.RankGroup",
        "CategoryEnum": "training.models.Category",
    },
}

# ---- Work in the background ----
CELERY_BROKER_URL = url(
    "CELERY_BROKER_URL", str, ("filesystem", "redis", "rediss", "amqp", "amqps", "memory"), default="filesystem://"
)
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = flag("CELERY_TASK_ALWAYS_EAGER", default=False)
CELERY_TASK_EAGER_PROPAGATES = True
# Training takes hours at most and goes to its own queue, so that settling never waits behind it.
CELERY_TASK_DEFAULT_QUEUE = "touchline"
CELERY_TASK_ROUTES = {
    "mlmodels.tasks.train_run": {"queue": "training"},
    "mlmodels.tasks.fit_part": {"queue": "training"},
    "predictions.tasks.run_backtest": {"queue": "training"},
    # Hundreds may be uploaded at once: nothing else waits behind them.
    "matches.tasks.process_replay": {"queue": "replays"},
}
CELERY_TASK_SOFT_TIME_LIMIT = 20 * 60
CELERY_TASK_TIME_LIMIT = 25 * 60
LONGEST_TASK = timedelta(hours=6)
# A training run whose worker gave no sign of life for so long is queued again.
RUN_LEASE = timedelta(seconds=number("RUN_LEASE_SECONDS", default=180, at_least=2, at_most=3600))
# Where completed trainings are told to MLflow besides; nowhere where it is empty or mlflow is not installed.
MLFLOW_TRACKING_URI = text("MLFLOW_TRACKING_URI")
MLFLOW_EXPERIMENT = text("MLFLOW_EXPERIMENT", default="touchline")
# Sets of hyper-parameters tried at a time by one worker; 0: one a core.
TUNING_PROCESSES = number("TUNING_PROCESSES", default=0, at_least=0, at_most=256)
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
DJANGO_CELERY_BEAT_TZ_AWARE = True
# A broker that does not answer is an error at once: what was asked for waits in the database, not in the request.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"max_retries": 0}
BROKER_DIR = DATA_DIR / "broker"
if CELERY_BROKER_URL.startswith("filesystem:"):
    for _name in ("messages", "processed", "control"):
        (BROKER_DIR / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "data_folder_in": BROKER_DIR / "messages",
        "data_folder_out": BROKER_DIR / "messages",
        "processed_folder": BROKER_DIR / "processed",
        "control_folder": BROKER_DIR / "control",
        "polling_interval": 0.1,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    # Longer than the longest task: Redis redelivers what is not acknowledged by then.
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"visibility_timeout": int(LONGEST_TASK.total_seconds()) + 600}

# ---- Logs ----
LOG_LEVEL = choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), default="INFO")
LOG_FORMAT = choice("LOG_FORMAT", ("console", "json"), default="console" if DEBUG else "json")
DJANGO_STRUCTLOG_CELERY_ENABLED = True
_shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "touchline": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *([structlog.processors.format_exc_info] if LOG_FORMAT == "json" else []),
                structlog.processors.JSONRenderer()
                if LOG_FORMAT == "json"
                else structlog.dev.ConsoleRenderer(
                    # Escape codes are for terminals, not for files.
                    colors=sys.stderr.isatty(),
                    # The rich one prints local variables, secrets among them.
                    exception_formatter=structlog.dev.plain_traceback,
                ),
            ],
            "foreign_pre_chain": _shared_processors,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "touchline"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # What it says while debugging has what people send, codes among it.
        "discord": {"level": "INFO" if LOG_LEVEL == "DEBUG" else LOG_LEVEL},
        "django_structlog.middlewares.request": {"level": "WARNING" if DEBUG and LOG_LEVEL == "INFO" else LOG_LEVEL},
    },
}
structlog.configure(
    processors=[
        # First: what is not written costs nothing else.
        structlog.stdlib.filter_by_level,
        *_shared_processors,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
