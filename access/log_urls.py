"""Routes of the log review, under logg/."""

from dataclasses import replace

from access.domain.codes import Action
from access.routes import guarded_path
from access.rules import role
from access.views import log_review

REVIEW = role("reviews_log", "log_review")

urlpatterns = [
    guarded_path("", log_review.review, REVIEW, "log_review"),
    guarded_path("fil/", log_review.export, replace(REVIEW, action=Action.EXPORT), "log_review_export"),
]
